"""What the window remembers from one run to the next."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import platformdirs

from amtstudio.atomic_file import write_atomically
from amtstudio.errors import AmtStudioError

logger = logging.getLogger("amtstudio.ui")

VERSION = 1
_MOST_RECENT = 10
APPEARANCES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class WindowState:
    """Place and layout as Qt encodes them, in base64; and what was open lately."""

    geometry: str = ""
    layout: str = ""
    appearance: str = "system"
    recent: tuple[str, ...] = ()

    def with_recent(self, path: Path) -> WindowState:
        """The state with this path first, each path once, and not more than ten."""
        others = [name for name in self.recent if name != str(path)]
        return replace(self, recent=tuple([str(path), *others][:_MOST_RECENT]))


def state_path() -> Path:
    """``window.json`` in the user's folder for settings, or in ``AMTSTUDIO_CONFIG_DIR``."""
    override = os.environ.get("AMTSTUDIO_CONFIG_DIR")
    folder = override or platformdirs.user_config_dir("amtstudio", appauthor=False)
    return Path(folder) / "window.json"


def load_state(path: Path) -> WindowState:
    """What was kept; the defaults for whatever is missing, damaged or of another version."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(kept, dict) or kept.get("version") != VERSION:
            return WindowState()
        return WindowState(
            geometry=_text(kept, "geometry"),
            layout=_text(kept, "layout"),
            appearance=_text(kept, "appearance", APPEARANCES),
            recent=tuple(str(name) for name in kept.get("recent", ())[:_MOST_RECENT]),
        )
    except FileNotFoundError:
        return WindowState()
    except (OSError, ValueError, TypeError) as error:
        logger.warning("%s cannot be read: %s", path, error)
        return WindowState()


def save_state(state: WindowState, path: Path) -> None:
    """Keep it; a failure is logged, for closing a window must not fail."""
    content = json.dumps({"version": VERSION, **asdict(state)}, indent=2)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content.encode("utf-8"), overwrite=True)
    except (AmtStudioError, OSError) as error:
        logger.warning("%s cannot be written: %s", path, error)


def _text(kept: dict[str, object], name: str, allowed: tuple[str, ...] = ()) -> str:
    value = kept.get(name, "")
    is_good = isinstance(value, str) and (not allowed or value in allowed)
    return str(value) if is_good else str(getattr(WindowState(), name))
