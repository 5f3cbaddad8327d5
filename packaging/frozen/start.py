"""Where a program frozen by PyInstaller begins: the window, a command, or the fine-tuning."""

from __future__ import annotations

import multiprocessing
import runpy
import sys

from amtstudio.cli import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    # The window starts the fine-tuning as "python -m amtstudio.learning", and this is its Python.
    if sys.argv[1:3] == ["-m", "amtstudio.learning"]:
        del sys.argv[1:3]
        runpy.run_module("amtstudio.learning", run_name="__main__", alter_sys=True)
        sys.exit()
    if len(sys.argv) == 1:  # a double click
        sys.argv.append("gui")
    sys.exit(main())
