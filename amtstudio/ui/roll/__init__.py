"""The views of one recording: overview, piano roll over the spectrogram, pedal."""
