"""The detected instruments: the detection, the panel, the strip."""
