"""An answer held against a layer: what it is right for, by which mistakes it comes about."""
