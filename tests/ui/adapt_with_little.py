"""``amtstudio adapt``, judged by a few seconds, and by a gate that takes what it is given.

Whether a few seconds of learning help is left to chance; what becomes of a result, is not.
"""

import sys

from amtstudio.cli import main
from amtstudio.learning import adaptation
from amtstudio.learning.gate import Verdict
from amtstudio.learning.guard import guard_set

adaptation.guard_set = lambda: guard_set(5.0)[:2]
adaptation.LEAST_CENTS = 0.1
adaptation.judge = lambda before, after: Verdict(True, ("Steadier: 63.0 before, 91.2 after.",))

if __name__ == "__main__":
    sys.exit(main())
