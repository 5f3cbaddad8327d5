"""Audio in, Transcription out."""
