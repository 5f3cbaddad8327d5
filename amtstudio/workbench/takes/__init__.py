"""What the window does with a take while it is recorded, without Qt: its picture and its notes."""
