"""What the program remembers of the user's choices: one JSON file, and defaults in one place."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import stat
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from msgspec import Meta

from amtstudio.atomic_file import write_atomically
from amtstudio.json_files import check_fields, converted, parsed

logger = logging.getLogger("amtstudio.settings")

VERSION = 1
FILE_NAME = "settings.json"
MAX_RECENT = 12
_MAX_BYTES = 1 << 20
_MAX_KEPT_ASIDE = 20

# By version, what brings the values of that version to the next one.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

OnWarning = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's choices. A threshold of None is the model's own.

    ``window_geometry`` and ``window_state`` are what the window wants to find again, in Base64.
    """

    recent_files: tuple[str, ...] = ()  # the latest first
    model: str = ""  # name or path; "" is the shipped one
    profile: str = ""
    instrument_profile: str = ""  # of the instrument detector
    device: str = "auto"
    onset_threshold: Annotated[float, Meta(ge=0.0, le=1.0)] | None = None
    frame_threshold: Annotated[float, Meta(ge=0.0, le=1.0)] | None = None
    minimum_duration_s: Annotated[float, Meta(ge=0.0, le=10.0)] | None = None
    theme: Literal["system", "light", "dark"] = "system"
    language: str = ""  # as "de"; "" is that of the system
    shortcuts: tuple[str, ...] = ()  # those that were changed, as "Ctrl+E -> Ctrl+Shift+X"
    output_device: str = ""  # "" is that of the system
    soundfont: str = ""  # plays the notes; "" are the instruments that ship
    volume: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.8  # of the playback
    colour_by: Literal["velocity", "confidence", "instrument"] = "velocity"  # notes
    score: str = "triplets swing dynamics pedal"  # what is written in it, of NotationSettings
    snaps: bool = False  # whether edits are drawn to the grid
    grid: Literal["1", "2", "3", "4", "4+3", "6", "8"] = "4"  # parts of a beat of that grid
    shows_candidates: bool = True
    shows_velocities: bool = True
    shows_bends: bool = True
    shows_drums: bool = True  # where there are some
    shows_instruments: bool = True  # the strip above the notes
    midi_bars: bool = True  # whether MIDI has the bars of the music
    midi_bends: bool = True  # whether MIDI has the bends of the notes
    midi_quantizing: Literal[0, 50, 75, 100] = 0  # percent of the way to the grid, in MIDI
    midi_quantizes_ends: bool = False  # of notes, as well as their onsets
    drum_map: str = "gm"  # the numbers of drums in MIDI, a name of formats.DRUM_MAPS
    single_instance: bool = True
    window_geometry: str = ""
    window_state: str = ""
    input_device: str = ""  # "" is the default one of the system
    midi_keyboard: str = ""  # recorded along; "" is none
    live_model: str = ""  # which heard the last take; "" is the usual one
    recordings_folder: str = ""  # "" is the usual place
    adaptation_minutes: Annotated[float, Meta(ge=0.0, le=600.0)] = 5.0
    adapts_in_background: bool = True  # also while no window is open

    def __post_init__(self) -> None:
        check_fields(self)

    def with_recent(self, path: Path) -> Settings:
        """The same with ``path`` at the head of the recent files."""
        name = str(path)
        others = [other for other in self.recent_files if other != name]
        return replace(self, recent_files=(name, *others)[:MAX_RECENT])


def config_dir() -> Path:
    """The user's configuration folder; ``AMTSTUDIO_CONFIG_DIR`` names another."""
    override = os.environ.get("AMTSTUDIO_CONFIG_DIR")
    if override:
        return Path(override)
    return Path(platformdirs.user_config_dir("amtstudio", appauthor=False))


def load_settings(*, on_warning: OnWarning | None = None) -> Settings:
    """The settings kept, or the defaults where there are none.

    A file that is damaged, or of a newer version, is kept aside under another name, so that the
    defaults do not overwrite it; ``on_warning`` gets a sentence about it. Never fails.
    """
    path = config_dir() / FILE_NAME
    try:
        return _parse(_read(path))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        aside = _keep_aside(path)
        where = f"; the old ones are kept in {aside.name}" if aside else ""
        message = f"The settings cannot be read ({error}), the defaults are used{where}"
        logger.warning("%s", message)
        if on_warning is not None:
            on_warning(message)
        return Settings()


def save_settings(settings: Settings) -> None:
    """Keep the settings, whole or not at all.

    Raises ``CannotCreateOutputError`` or ``OutputWriteError``.
    """
    folder = config_dir()
    with contextlib.suppress(OSError):  # writing says what is wrong with it
        folder.mkdir(parents=True, exist_ok=True)
    values = {"version": VERSION, **asdict(settings)}
    text = json.dumps(values, indent=2) + "\n"
    write_atomically(folder / FILE_NAME, text.encode(), overwrite=True)


def _read(path: Path) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe would wait
        raise ValueError("it is not a file")
    with path.open("rb") as file:
        data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise ValueError("it is too large")
    return data


def _parse(data: bytes) -> Settings:
    values = parsed(data)
    if not isinstance(values, dict):
        raise TypeError("they are not a JSON object")
    version = values.pop("version")
    if not isinstance(version, int) or not 1 <= version <= VERSION:
        raise ValueError(f"they are of version {version!r}, and {VERSION} is known")
    for step in range(version, VERSION):
        values = UPGRADES[step](values)
    return _settings_from(values)


def _settings_from(values: dict[str, Any]) -> Settings:
    unknown = set(values) - {field.name for field in fields(Settings)}
    if unknown:
        raise ValueError(f"nothing is known of {', '.join(sorted(unknown))}")
    settings = converted(values, Settings)
    return replace(settings, recent_files=settings.recent_files[:MAX_RECENT])


def _keep_aside(path: Path) -> Path | None:
    """Give a file that cannot be used another name; None where that fails."""
    for number in range(1, _MAX_KEPT_ASIDE + 1):
        aside = path.with_name(f"settings.damaged-{number}.json")
        if aside.exists():
            continue
        try:
            path.rename(aside)
        except OSError:
            return None
        return aside
    return None
