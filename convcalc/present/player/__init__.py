"""The demo in a terminal: steps as text, the keys, the full screen."""
