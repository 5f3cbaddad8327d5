from __future__ import annotations

import subprocess
import sys


def test_a_document_opens_without_torch_qt_or_decoders():
    code = (
        "import sys, amtstudio.session, amtstudio.settings;"
        "print([name for name in ('torch', 'PySide6', 'av', 'soundfile') if name in sys.modules])"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout == "[]\n"
