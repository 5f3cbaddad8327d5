"""Compare an estimate with a reference."""
