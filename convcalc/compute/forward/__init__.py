"""The forward pass: its definition, the algorithms, and which one is chosen."""
