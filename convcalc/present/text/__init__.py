"""Results as text for other programs: JSON, CSV, Markdown, LaTeX, and drawings in ASCII."""
