"""Endless aligned audio on the fly: sampled pianos, music, performances, rooms."""
