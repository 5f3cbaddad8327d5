"""What is kept of an adaptation: the profile, with the ledger of what it was made from."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from amtstudio.learning.candidate import Candidate
from amtstudio.learning.report import Report
from amtstudio.learning.request import Request
from amtstudio.learning.split import Split
from amtstudio.models import sha256_of
from amtstudio.profiles import LedgerEntry, Profile


def profile_of(
    request: Request, base_path: Path, best: Candidate, split: Split, report: Report
) -> Profile:
    """The profile of the candidate that was adopted."""
    return Profile(
        name=request.name,
        base=request.model,
        base_sha256=sha256_of(base_path),
        thresholds=dict(best.card.thresholds),
        tuning_cents=best.tuning_cents,
        created=time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
        # With what was asked for, to make it anew when a recording is forgotten.
        report={
            **msgspec.to_builtins(report),
            "asked": {"minutes": request.minutes, "teacher": request.teacher},
        },
        ledger=tuple(ledger_of(split)),
    )


def ledger_of(split: Split) -> list[LedgerEntry]:
    """Each recording and what it was for."""
    return [
        LedgerEntry(
            entry.name,
            entry.sha256,
            round(entry.seconds, 2),
            split.role(entry),
            entry.corrected_s,
            entry.source,
        )
        for entry in split.everything
    ]
