"""What the window does with recordings that needs no window: transcribe, picture, models."""
