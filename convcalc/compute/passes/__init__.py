"""How each kind of layer is run in a network: as it is defined, and fast."""
