"""The process of a run, judged by a few seconds, and by a gate that takes what it is given.

Whether a few seconds of learning help is left to chance; what becomes of a result, is not.
"""

import sys

from amtstudio.learning import adaptation
from amtstudio.learning.__main__ import main
from amtstudio.learning.gate import Verdict
from amtstudio.learning.guard import guard_set
from amtstudio.learning.report import Code, Reason

adaptation.guard_set = lambda: guard_set(5.0, count=1)
adaptation.LEAST_CENTS = 0.1
adaptation.judge = lambda before, after, **_: Verdict(True, (Reason(Code.STEADIER, 0.63, 0.912),))

if __name__ == "__main__":
    sys.exit(main())
