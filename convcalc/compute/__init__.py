"""The NumPy passes."""
