"""AMT Studio: recordings to MIDI on the user's own machine."""

import os

__version__ = "0.1.0"

# How long a thread of OpenMP (libgomp) turns round waiting for the others before it sleeps; it is
# read as torch is loaded, which is later than this. Where another program keeps a core busy, the
# usual 300,000 turns make work of many small steps, such as taking off echo, ten to thirty times
# slower, for each step waits for a thread that is not running. With so many nothing is lost on an
# idle machine. If the user has set either of them, it stays.
if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
