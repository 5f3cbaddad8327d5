"""Read and write a Transcription as MIDI, CSV, JSON."""
