"""Programs that tests of a marker need."""

NEEDED = {"browser": "/usr/bin/chromium", "latex": "pdflatex"}
