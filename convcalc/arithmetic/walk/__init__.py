"""A layer one neuron at a time, in whole numbers."""
