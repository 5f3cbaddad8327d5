"""The profiles on this machine: one file each, written whole or not at all.

A file is a safetensors file: for each changed tensor the new value less that of the base model,
and the profile as JSON in the header. No torch is needed to list, rename, export or delete them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from amtstudio.atomic_file import write_atomically
from amtstudio.errors import CheckpointError, OutputExistsError, ProfileError, did_you_mean
from amtstudio.models.checkpoint_header import MAX_FILE_BYTES, MAX_HEADER_BYTES, open_checkpoint
from amtstudio.profiles.file_names import key_of, stem_of
from amtstudio.profiles.profile import Profile, check_name
from amtstudio.user_folders import data_dir

SUFFIX = ".amtprofile"
_LENGTH_BYTES = 8


def profiles_dir() -> Path:
    return data_dir() / "profiles"


def list_profiles() -> tuple[list[Profile], list[str]]:
    """The profiles, sorted by name; and a sentence on each file that cannot be read."""
    profiles: dict[str, Profile] = {}
    problems = []
    for path in sorted(profiles_dir().glob(f"*{SUFFIX}")):
        try:
            profile = read_header_of(path)
        except ProfileError as error:
            problems.append(str(error))
            continue
        if path == path_of(profile.name):  # goes before a copy of it under another file name
            profiles[key_of(profile.name)] = profile
        else:
            profiles.setdefault(key_of(profile.name), profile)
    return sorted(profiles.values(), key=lambda profile: profile.name.casefold()), problems


def read_profile(name: str) -> Profile:
    """The profile of this name.

    Raises
    ------
    ProfileError
        If there is none, or its file is damaged.
    """
    return read_header_of(find_profile(name))


def find_profile(name: str) -> Path:
    """The file of a profile; ``ProfileError`` if there is none of this name."""
    path = _located(name)
    if path is not None:
        return path
    names = [profile.name for profile in list_profiles()[0]]
    raise ProfileError(
        f"there is no profile {name!r}; there are: {', '.join(names) or 'none'}",
        hint=did_you_mean(name, names),
    )


def has_profile(name: str) -> bool:
    """Whether there is a profile of this name, in order or not."""
    try:
        return _located(name) is not None
    except (ProfileError, OSError):
        return False


def path_of(name: str) -> Path:
    """Where a profile of this name is written, and of no other one."""
    check_name(name)
    return profiles_dir() / f"{stem_of(name)}{SUFFIX}"


def _located(name: str) -> Path | None:
    """The path of the profile of this name: in its place, or where a former version put it."""
    place, key = path_of(name), key_of(name)
    if place.is_file() and _key_in(place) in (key, None):
        return place
    others = sorted(profiles_dir().glob(f"*{SUFFIX}"))
    return next((path for path in others if path != place and _key_in(path) == key), None)


def _key_in(path: Path) -> str | None:
    """Of which name a file says that it is; None: it cannot be read."""
    try:
        with open_checkpoint(path) as file:
            head = file.read(_LENGTH_BYTES)
            head += file.read(min(int.from_bytes(head, "little"), MAX_HEADER_BYTES))
        return key_of(Profile.from_json(_card(head)).name)
    except (
        CheckpointError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
        ProfileError,
    ):
        return None


def _make_way(place: Path, name: str) -> None:
    """Move what a former version has put in a place that belongs to another name."""
    key = _key_in(place) if place.is_file() else None
    if key is None or key == key_of(name):
        return
    own = path_of(read_header_of(place).name)
    if own.exists():
        raise OutputExistsError(
            f"{place.name} holds another profile, which is also in {own.name}",
            hint=f"move {place} away",
        )
    place.rename(own)


def write_profile(data: bytes, name: str, *, overwrite: bool) -> Path:
    """Put the bytes of a profile file in its place.

    Raises
    ------
    OutputExistsError
        If there is a profile of this name already, and ``overwrite`` is false.
    CannotCreateOutputError, OutputWriteError
    """
    path, former = path_of(name), _located(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    taken = OutputExistsError(
        f"there is already a profile {name!r}", hint="choose another name, or delete it first"
    )
    if former is not None and not overwrite:
        raise taken
    _make_way(path, name)
    try:
        write_atomically(path, data, overwrite=overwrite)
    except OutputExistsError as error:
        raise taken from error
    if former not in (None, path):
        former.unlink()
    return path


def delete_profile(name: str) -> None:
    find_profile(name).unlink()


def rename_profile(name: str, new_name: str) -> None:
    """Give a profile another name.

    Raises
    ------
    ProfileError
        If the profile does not exist, or the new name is invalid.
    OutputExistsError
        If the new name is taken.
    """
    profile, tensors = _split(find_profile(name))
    check_name(new_name)
    data = joined(replace(profile, name=new_name), tensors)
    written = write_profile(data, new_name, overwrite=key_of(name) == key_of(new_name))
    if key_of(name) != key_of(new_name):
        former = _located(name)  # it may have had to make way
        if former not in (None, written):
            former.unlink()


def export_profile(name: str, target: Path, *, overwrite: bool = False) -> None:
    """Copy a profile, with its ledger of names and hashes, to a file of the user's choice.

    The paths of the recordings on this machine are not exported.
    """
    profile, tensors = _split(find_profile(name))
    write_atomically(target, joined(_without_sources(profile), tensors), overwrite=overwrite)


def import_profile(source: Path, *, name: str | None = None) -> Profile:
    """Take a profile from a file, under its own name or another.

    Raises
    ------
    ProfileError
        If the file is not a profile, or a damaged one.
    OutputExistsError
        If the name is taken.
    """
    profile, tensors = _split(source)
    # Paths of another machine would be taken for those of this one.
    profile = replace(_without_sources(profile), name=name or profile.name)
    write_profile(joined(profile, tensors), profile.name, overwrite=False)
    return profile


def read_header_of(path: Path) -> Profile:
    return _split(path)[0]


def joined(profile: Profile, tensors: bytes) -> bytes:
    """A profile file from its card and the rest: the header without the card, and the tensors."""
    length = int.from_bytes(tensors[:_LENGTH_BYTES], "little")
    header = json.loads(tensors[_LENGTH_BYTES : _LENGTH_BYTES + length])
    header["__metadata__"] = {"profile": profile.to_json()}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the tensors stay aligned
    if len(text) > MAX_HEADER_BYTES:
        raise ProfileError("the ledger of this profile has become too long")
    return len(text).to_bytes(_LENGTH_BYTES, "little") + text + tensors[_LENGTH_BYTES + length :]


def rewrite_profile(profile: Profile) -> None:
    """Put what a profile says of itself in place of what it said; its weights stay.

    Raises ``ProfileError`` if there is no profile of this name.
    """
    tensors = _split(find_profile(profile.name))[1]
    write_profile(joined(profile, tensors), profile.name, overwrite=True)


def _without_sources(profile: Profile) -> Profile:
    return replace(profile, ledger=tuple(replace(entry, source="") for entry in profile.ledger))


def _split(path: Path) -> tuple[Profile, bytes]:
    """The profile and all bytes of a file."""
    try:
        with open_checkpoint(path) as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except CheckpointError as error:  # says already which file could not be read
        raise ProfileError(str(error).replace("model", "profile", 1)) from error
    except OSError as error:
        raise ProfileError(f"cannot read the profile {path.name}: {error.strerror}") from error
    try:
        return Profile.from_json(_card(data)), data
    except (ValueError, KeyError, TypeError, RecursionError, ProfileError) as error:
        raise ProfileError(f"cannot read the profile {path.name}: {error}") from error


def _card(data: bytes) -> str:
    length = int.from_bytes(data[:_LENGTH_BYTES], "little")
    if not 2 <= length <= min(MAX_HEADER_BYTES, len(data) - _LENGTH_BYTES):
        raise ProfileError("it is not a profile file")
    header = json.loads(data[_LENGTH_BYTES : _LENGTH_BYTES + length])
    return str(header["__metadata__"]["profile"])
