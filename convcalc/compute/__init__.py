"""Arrays in NumPy: the passes, the data they run on, and what they are run to show."""
