"""The arrays a pass runs on: filter banks and random numbers."""
