"""What every pass needs: tiles, windows, threads, memory, progress."""
