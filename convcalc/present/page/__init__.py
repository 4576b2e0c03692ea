"""The demo as a page for a browser."""
