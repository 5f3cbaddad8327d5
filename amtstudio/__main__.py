"""``python -m amtstudio``."""

from __future__ import annotations

import sys

from amtstudio.cli import main

if __name__ == "__main__":
    sys.exit(main())
