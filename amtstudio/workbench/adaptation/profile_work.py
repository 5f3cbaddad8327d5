"""Operations on profile files, off the window's thread."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from amtstudio.profiles import (
    Profile,
    delete_profile,
    export_profile,
    import_profile,
    list_profiles,
    rename_profile,
)
from amtstudio.profiles.store import find_profile, write_profile
from amtstudio.workbench.adaptation.asked import copies_of

Work = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Listing:
    """The profiles there are, and a sentence on each file that cannot be read."""

    profiles: tuple[Profile, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deleted:
    """A deleted profile, to be restored."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Renamed:
    name: str
    new_name: str


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A recording that was forgotten.

    ``was_learned``: the profile had learned from it, and is withdrawn. ``others`` are the
    recordings to make it from again, ``elsewhere`` the other profiles that were made from it.
    """

    name: str
    recording: str
    was_learned: bool
    others: tuple[Path, ...]
    minutes: float
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Something was done; the sentence says what."""

    path: Path | None = None
    name: str = ""


def listing(**_callbacks: object) -> Listing:
    profiles, problems = list_profiles()
    return Listing(tuple(profiles), tuple(problems))


def deleting(name: str) -> Work:
    def work(**_callbacks: object) -> Deleted:
        data = find_profile(name).read_bytes()
        delete_profile(name)
        shutil.rmtree(copies_of(name), ignore_errors=True)
        return Deleted(name, data)

    return work


def restoring(deleted: Deleted) -> Work:
    def work(**_callbacks: object) -> Told:
        write_profile(deleted.data, deleted.name, overwrite=False)
        return Told(name=deleted.name)

    return work


def renaming(name: str, new_name: str) -> Work:
    def work(**_callbacks: object) -> Renamed:
        rename_profile(name, new_name)
        return Renamed(name, new_name)

    return work


def exporting(name: str, path: Path) -> Work:
    def work(**_callbacks: object) -> Told:
        export_profile(name, path, overwrite=True)  # the dialog has asked
        return Told(path=path, name=name)

    return work


def importing(path: Path, name: str | None) -> Work:
    def work(**_callbacks: object) -> Told:
        return Told(name=import_profile(path, name=name).name)

    return work


def forgetting(name: str, sha256: str) -> Work:
    def work(**_callbacks: object) -> Forgotten:
        from amtstudio.learning.corrections import gathered  # noqa: PLC0415 - imports numpy
        from amtstudio.learning.forgetting import (  # noqa: PLC0415 - imports torch
            forget,
            plan_forgetting,
            profiles_with,
        )

        plan = plan_forgetting(name, sha256)
        request = plan.request()
        # Copies of projects go with the profile: their recordings stay where they are.
        others = () if request is None else gathered(request).recordings
        forget(plan)
        if plan.was_learned:
            shutil.rmtree(copies_of(name), ignore_errors=True)
        return Forgotten(
            name,
            plan.forgotten[0].recording,
            plan.was_learned,
            others,
            5.0 if request is None else request.minutes,
            tuple(profiles_with(sha256)),
        )

    return work
