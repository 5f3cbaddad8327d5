"""What the window does for personal profiles that needs no window: runs, files, comparisons."""
