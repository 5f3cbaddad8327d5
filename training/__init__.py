"""Training, data sets, experiments; uses the package and is never imported by it."""
