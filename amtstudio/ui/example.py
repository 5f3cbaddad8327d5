"""The recording that ships with the program."""

from __future__ import annotations

from amtstudio.resources import resource_path

EXAMPLE = resource_path("examples", "schumann_im_wunderschoenen.mp3")
