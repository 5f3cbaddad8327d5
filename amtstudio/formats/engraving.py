"""Scores as pages: engraved by verovio, as SVG and MEI; ``score_pdf`` prints them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from amtstudio.errors import OptionError
from amtstudio.formats.musicxml import dump_musicxml
from amtstudio.notation import NotationSettings
from amtstudio.symbolic import Transcription

INSTALL_HINT = 'pip install "amtstudio[score]"'

# A4 in tenths of a millimetre; verovio counts ten units to each.
PAGE_WIDTH, PAGE_HEIGHT = 2100, 2970
_OPTIONS = {
    "pageWidth": PAGE_WIDTH,
    "pageHeight": PAGE_HEIGHT,
    "scale": 40,
    "header": "auto",
    "footer": "none",
    "breaks": "auto",
    "font": "Leland",
    "xmlIdSeed": 1,  # the same score is the same file
}
_SVG_SIZE = re.compile(r'<svg width="([\d.]+)px" height="([\d.]+)px"')
_DEFAULT = NotationSettings()

OnPage = Callable[[int, int], None]  # pages done, and of how many


def tell_no_one(_done: int, _total: int) -> None:
    """Where nobody waits for pages."""


class Engraver:
    """One score, laid out on pages.

    Raises ``OptionError`` if verovio is not installed, ``ValueError`` if it is not MusicXML.
    """

    def __init__(self, musicxml: bytes) -> None:
        verovio = _import_verovio()
        verovio.enableLog(verovio.LOG_OFF)
        # Threads other than the one that imported it do not know by themselves where its fonts are.
        self._toolkit = verovio.toolkit(False)
        self._toolkit.setResourcePath(str(Path(verovio.__file__).parent / "data"))
        self._toolkit.setOptions(_OPTIONS)
        if not self._toolkit.loadData(musicxml.decode("utf-8")):
            raise ValueError("verovio cannot read this score")

    @property
    def n_pages(self) -> int:
        return int(self._toolkit.getPageCount())

    def svg(self, page: int) -> str:
        """A page, counted from 1."""
        return str(self._toolkit.renderToSVG(page))

    def pages(self, on_page: OnPage = tell_no_one) -> Iterator[str]:
        """All as SVG; ``on_page`` is told of each when the next one is asked for."""
        for page in range(1, self.n_pages + 1):
            yield self.svg(page)
            on_page(page, self.n_pages)

    @property
    def mei(self) -> str:
        return str(self._toolkit.getMEI())


def dump_svg(
    transcription: Transcription,
    settings: NotationSettings = _DEFAULT,
    *,
    on_page: OnPage = tell_no_one,
) -> bytes:
    """The score of a transcription as one picture: its pages one below the other."""
    engraver = Engraver(dump_musicxml(transcription, settings))
    return joined_svg(list(engraver.pages(on_page))).encode("utf-8")


def dump_mei(
    transcription: Transcription,
    settings: NotationSettings = _DEFAULT,
    *,
    on_page: OnPage = tell_no_one,  # noqa: ARG001 - it is one piece, and no page is drawn
) -> bytes:
    """The score of a transcription in the format of the Music Encoding Initiative."""
    return Engraver(dump_musicxml(transcription, settings)).mei.encode("utf-8")


def joined_svg(pages: list[str]) -> str:
    """Pages of one size in one picture, from top to bottom."""
    size = _SVG_SIZE.search(pages[0])
    if len(pages) == 1 or size is None:
        return pages[0]
    width, height = (float(value) for value in size.groups())
    placed = (
        page.replace("<svg ", f'<svg y="{place * height:g}" ', 1)
        for place, page in enumerate(pages)
    )
    head = (
        f'<svg width="{width:g}px" height="{height * len(pages):g}px" version="1.1"'
        ' xmlns="http://www.w3.org/2000/svg">\n'
    )
    return head + "\n".join(placed) + "\n</svg>\n"


def _import_verovio() -> Any:
    try:
        import verovio  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise OptionError("a score needs the package verovio", hint=INSTALL_HINT) from error
    return verovio
