"""What computes: devices and threads."""
