"""Drums: kits, patterns, clips, training and measuring of the network ``drums``."""
