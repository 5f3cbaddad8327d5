"""By what a recording is known again, whatever it is called."""

from __future__ import annotations

import hashlib
from pathlib import Path


def checksum(path: Path) -> str:
    """SHA-256 of a file, as the ledger of a profile keeps it; ``OSError`` if it is not readable."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
