"""Results as text in a terminal, one file each, and what they share."""
