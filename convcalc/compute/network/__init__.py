"""A whole network run: in which order memory is taken and given back, with which weights."""
