"""Makes a PNG file smaller: colours in steps of eight, which nobody sees, compress far better.

python packaging/shrink_picture.py PICTURE.png
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage


def shrink(path: Path) -> int:
    """Rewrite the file; returns its size in bytes."""
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    stepped = np.minimum((rows.astype(np.uint16) + 4) // 8 * 8, 255).astype(np.uint8)
    smaller = QImage(
        stepped.data,
        image.width(),
        image.height(),
        image.bytesPerLine(),
        QImage.Format.Format_RGB888,
    )
    smaller.save(str(path), quality=0)
    return path.stat().st_size


if __name__ == "__main__":
    print(shrink(Path(sys.argv[1])))
