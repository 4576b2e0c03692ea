"""Passes that were run to show something, with all that there is to say of them."""
