"""Files in and out: nothing a stranger's file says is believed, nothing is left half-written."""
