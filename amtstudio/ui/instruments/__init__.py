"""The instruments that were heard: the search, the panel, the strip."""
