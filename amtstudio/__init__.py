"""AMT Studio: recordings to MIDI on the user's own machine."""

__version__ = "0.1.0"
