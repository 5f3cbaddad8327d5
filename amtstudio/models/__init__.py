"""Networks with their config classes, the registry, checkpoints."""
