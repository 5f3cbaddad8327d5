"""The command line: ``amtstudio transcribe``, ``listen``, ``beats``, ``evaluate``, ``gui`` ...

Nothing here imports torch, numpy or Qt before a sub-command runs, so that ``--help`` and
``--version`` answer at once.
"""

from amtstudio.cli.program import main

__all__ = ["main"]
