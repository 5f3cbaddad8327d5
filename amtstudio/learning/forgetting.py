"""*Forget this recording*: a profile without anything that was learned from it.

What a network learned from one recording cannot be taken out of its weights, and thresholds and
tuning were chosen on all recordings together. So a profile that learned from a recording is
withdrawn immediately, and made again from the others if they still exist. A recording that was only
used for judging left nothing but its name and its figures in the report, and those are removed.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from amtstudio.errors import AmtStudioError, ProfileError
from amtstudio.learning.corrections import PROJECT_SUFFIX, read_project
from amtstudio.learning.opinion import Trust
from amtstudio.learning.recording_file import checksum
from amtstudio.learning.request import Request
from amtstudio.learning.run_folder import RunFolder, run_path
from amtstudio.profiles import LedgerEntry, Profile, delete_profile, list_profiles, read_profile
from amtstudio.profiles.store import rewrite_profile

JUDGE = "accept"  # the role that leaves nothing in a profile
_LEAST_DIGITS = 8  # of a checksum by which a recording may be named


@dataclass(frozen=True, slots=True)
class Forgetting:
    """The plan for forgetting a recording.

    Attributes
    ----------
    profile : Profile
    forgotten, kept : tuple of LedgerEntry
    """

    profile: Profile
    forgotten: tuple[LedgerEntry, ...]
    kept: tuple[LedgerEntry, ...]

    @property
    def was_learned(self) -> bool:
        """Whether anything in the profile came of it, so that the profile has to go."""
        return any(entry.role != JUDGE for entry in self.forgotten)

    @property
    def missing(self) -> tuple[LedgerEntry, ...]:
        """Recordings needed to make the profile again that are not where they were."""
        return tuple(entry for entry in self.kept if not _is_there(entry))

    def request(self) -> Request | None:
        """The run that makes the profile again from what is left; None: there is nothing left.

        Its recordings are as they were named before, projects too.
        """
        sources = dict.fromkeys(entry.source for entry in self.kept if _is_there(entry))
        if not sources:
            return None
        asked = self.profile.report.get("asked")
        return Request(
            name=self.profile.name,
            recordings=tuple(Path(source) for source in sources),
            model=self.profile.base,
            **_as_asked(asked if isinstance(asked, dict) else {}),
        )


def plan_forgetting(name: str, recording: str) -> Forgetting:
    """Find a recording in the ledger of a profile; nothing is changed yet.

    Parameters
    ----------
    name : str
        Of the profile.
    recording : str
        Its file name as the ledger has it, the path of its file (recognised by its content, if it
        was renamed), or the first eight or more digits of its checksum.

    Raises
    ------
    ProfileError
        If the profile does not exist, or its ledger has no such recording, or several.
    """
    profile = read_profile(name)
    found = _matching(profile, recording)
    if not found:
        known = ", ".join(entry.recording for entry in profile.ledger) or "none"
        raise ProfileError(
            f"the profile {profile.name!r} was not made from {recording!r}; it was made from:"
            f" {known}"
        )
    hashes = {entry.sha256 for entry in found}
    if len(hashes) > 1:
        raise ProfileError(
            f"the profile {profile.name!r} was made from {len(hashes)} recordings"
            f" called {recording!r}",
            hint="name one by its path, or by its checksum in 'profiles show'",
        )
    return Forgetting(
        profile,
        tuple(entry for entry in profile.ledger if entry.sha256 in hashes),
        tuple(entry for entry in profile.ledger if entry.sha256 not in hashes),
    )


def forget(plan: Forgetting) -> None:
    """Take what was learned from the recording out of this machine.

    A profile that learned from it is deleted, and with it what its run left behind: labels, a state
    to continue from, the report. Making it again is a separate run (``Forgetting.request``).
    Otherwise the recording leaves the ledger and the report.

    Raises
    ------
    ProfileError
        If a run for this profile is active, or the profile no longer exists.
    """
    name = plan.profile.name
    if RunFolder.is_at_work(name):
        raise ProfileError(f"an adaptation for {name!r} is running", hint="stop it first")
    folder = run_path(name)
    if folder.is_dir():
        shutil.rmtree(folder)
    if plan.was_learned:
        delete_profile(name)
        return
    names = {entry.recording for entry in plan.forgotten}
    rewrite_profile(
        replace(plan.profile, ledger=plan.kept, report=_without(plan.profile.report, names))
    )


def profiles_with(recording: str) -> list[str]:
    """Names of all profiles whose ledger has the recording."""
    return [profile.name for profile in list_profiles()[0] if _matching(profile, recording)]


def _matching(profile: Profile, recording: str) -> list[LedgerEntry]:
    path = Path(recording)
    if path.is_file():
        known = checksum(path)
        same = [entry for entry in profile.ledger if entry.sha256 == known]
        if same:
            return same
    source = str(path.absolute())
    wanted = recording.casefold()
    is_checksum = len(wanted) >= _LEAST_DIGITS and set(wanted) <= set("0123456789abcdef")
    return [
        entry
        for entry in profile.ledger
        if entry.recording.casefold() == wanted
        or entry.source == source
        or (is_checksum and entry.sha256.startswith(wanted))
    ]


def _is_there(entry: LedgerEntry) -> bool:
    """Whether the same sound is still where it was: another of that name may be the forgotten."""
    source = Path(entry.source)
    if not entry.source or not source.is_file():
        return False
    try:
        audio = read_project(source)[0] if source.suffix == PROJECT_SUFFIX else source
        return checksum(audio) == entry.sha256
    except (OSError, AmtStudioError):
        return False


def _as_asked(asked: dict[str, Any]) -> dict[str, Any]:
    """The learning options that were requested; a report may come from any file."""
    values: dict[str, Any] = {}
    minutes, teacher = asked.get("minutes"), asked.get("teacher")
    if isinstance(minutes, int | float) and 0 < minutes <= 24 * 60:
        values["minutes"] = float(minutes)
    if isinstance(teacher, str) and teacher:
        values["teacher"] = teacher
    with contextlib.suppress(msgspec.ValidationError):
        values["trust"] = msgspec.convert(asked.get("trust"), Trust | None)
    return values


def _without(report: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """The report without the recordings, and without figures that they contributed to."""
    recordings = report.get("recordings")
    kept = recordings if isinstance(recordings, dict) else {}
    return {
        **{key: value for key, value in report.items() if key not in _FIGURES},
        "recordings": {name: value for name, value in kept.items() if name not in names},
    }


_FIGURES = ("before", "after", "steps", "reason", "reasons")  # "reason" until format 2
