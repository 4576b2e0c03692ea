"""What is said of each kind of layer but the convolution: its formulas, short names, mistakes."""
