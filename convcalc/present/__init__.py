"""Results in, text or files out."""
