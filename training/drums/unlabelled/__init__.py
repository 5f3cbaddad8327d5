"""Drum transcription that learns from unlabelled music, after Wu & Lerch, at small scale."""
