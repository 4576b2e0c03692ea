"""Steps and tables as pictures for slides."""
