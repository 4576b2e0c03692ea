"""Results on a terminal, one file each, and what they share."""
