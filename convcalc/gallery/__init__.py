"""Published networks, each as a file with its source and the figures its paper prints."""
