"""By what a recording is known again, whatever it is called."""

from __future__ import annotations

import hashlib
from pathlib import Path

_BLOCK_BYTES = 2**20


def checksum(path: Path) -> str:
    """SHA-256 of a file, as the ledger of a profile keeps it; ``OSError`` if it is not readable."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
