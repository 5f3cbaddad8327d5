"""Keyboard music of the Mutopia Project as MIDI files with their bars.

    python -m training.beats.mutopia MUTOPIA KEYBOARD

MUTOPIA is a copy of MutopiaProject/MutopiaProject; LilyPond 2.24 must be installed. KEYBOARD gets
<composer>/<stem>.mid and <stem>.bars (``keyboard_scores.py``) of each keyboard score that is in the
public domain or under CC BY according to its header, and credits.tsv, which lists who typed each,
and its licence. Music used for measurement is left out, see ``_MEASURED``. Stop it at any time;
started again, it continues.
"""

from __future__ import annotations

import argparse
import logging
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from amtstudio.symbolic import Meter
from training.beats.keyboard_scores import write_bars
from training.beats.score_bars import Bar

logger = logging.getLogger("training")

_FREE = re.compile(r"public domain|creative commons attribution [234]\.[05]", re.IGNORECASE)
_KEYBOARD = re.compile(
    r"[\s,/]*(?:(?:piano|pianoforte|piano duet|harpsichord|clavichord|clavier|organ|orgue|keyboard"
    r"|or)[\s,/]*)+",
    re.IGNORECASE,
)
# The works of which there are recordings to measure with, and their sets; chorales too. Bach's
# numbers, or folders.
_MEASURED = (range(250, 439), range(846, 894), (988, 1087))
_MEASURED_FOLDERS = (
    "MozartWA/KV545",
    "Mendelssohn-BartholdyF/O30",
    "SchumannR/O15",
    "SatieE/gymnopedie",
)
_AT_ONCE = 12  # scores: LilyPond takes as long to start as for one of them
_LONGEST_S = 15.0  # for each of them
_MOST_BAD_CHECKS = 2  # a bar that is not as long as it should be is a slip of the pen
_MOST_ODD_BARS = 0.1  # of the bars; in others music is not in bars
# Tells, whenever something sounds, when that is and where in which bar, and engraves nothing.
_TELLER = r"""
#(define (Bar_teller context)
  (make-performer
   ((initialize translator) (ly:message "SCORE"))
   ((process-music translator)
    (let ((meter (ly:context-property context 'timeSignatureFraction '(4 . 4))))
     (ly:message "PLACE ~a ~a ~a ~a/~a"
      (ly:moment-main (ly:context-current-moment context))
      (ly:moment-main (ly:context-property context 'measurePosition ZERO-MOMENT))
      (ly:moment-main (ly:context-property context 'measureLength (ly:make-moment 1)))
      (car meter) (cdr meter))))))
\midi { \context { \Score \consists #Bar_teller } }
#(define ((heard-alone handler) . arguments)
  (let* ((score (car (last-pair arguments)))
         (is-heard? (lambda (output) (eq? 'midi (ly:output-def-lookup output 'output-def-kind))))
         (outputs (filter is-heard? (ly:score-output-defs score))))
   (if (pair? outputs)
    (let ((heard (ly:make-score (ly:score-music score))))
     (for-each (lambda (output) (ly:score-add-output-def! heard output)) outputs)
     (apply handler (append (drop-right arguments 1) (list heard)))))))
#(set! toplevel-score-handler (heard-alone toplevel-score-handler))
#(set! book-score-handler (heard-alone book-score-handler))
#(set! bookpart-score-handler (heard-alone bookpart-score-handler))
"""


def main(arguments: list[str] | None = None) -> int:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = _parser().parse_args(arguments)
    root, out = options.mutopia / "ftp", options.keyboard
    scores = list(free_keyboard_scores(root))
    typeset_all(scores, root, out)
    rows = ["score\tcomposer\ttitle\ttyped by\tlicence"]
    for score in scores:
        if int(score.done(out).read_text()):
            told = (score.stem, score.composer, score.title, score.typed_by, score.licence)
            rows.append("\t".join(told))
    (out / "credits.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return 0


@dataclass(frozen=True, slots=True)
class LilyPondScore:
    path: Path
    composer: str  # as the collection abbreviates it
    stem: str
    title: str
    typed_by: str
    licence: str
    instrument: str

    def done(self, folder: Path) -> Path:
        """Says how many MIDI files came of it."""
        return folder / self.composer / f"{self.stem}.done"


def free_keyboard_scores(folder: Path) -> Iterator[LilyPondScore]:
    """Scores for keyboard alone below ``<composer>/<opus>``, by their headers."""
    return free_scores(folder, _KEYBOARD)


def free_scores(folder: Path, instruments: re.Pattern[str]) -> Iterator[LilyPondScore]:
    """Scores below ``<composer>/<opus>`` whose header names free licences and such instruments.

    Works that are measured with are left out.
    """
    for path in sorted(folder.rglob("*.ly")):
        text = path.read_text(encoding="utf-8", errors="replace")
        licences = [told for key in ("license", "copyright") if (told := _field(text, key))]
        is_free = bool(licences) and all(_FREE.fullmatch(told.strip()) for told in licences)
        instrument = _field(text, "mutopiainstrument")
        is_wanted = is_free and instruments.fullmatch(instrument)
        if is_wanted and not is_measured(path.relative_to(folder).as_posix()):
            title = _field(text, "mutopiatitle") or _field(text, "title")
            typed_by = _field(text, "maintainer") or _field(text, "enteredby")
            composer, *place = path.relative_to(folder).with_suffix("").parts
            yield LilyPondScore(
                path, composer, "-".join(place), title, typed_by, licences[0], instrument
            )


def is_measured(place: str) -> bool:
    """Whether a score, by its place in the collection, is of a work that is measured with."""
    bach = re.match(r"BachJS/BWV(\d+)", place)
    number = int(bach.group(1)) if bach else -1
    return any(number in numbers for numbers in _MEASURED) or place.startswith(_MEASURED_FOLDERS)


def _field(text: str, name: str) -> str:
    found = re.search(rf'\b{name}\s*=\s*"([^"]*)"', text)
    return " ".join(found.group(1).split()) if found else ""


def typeset_all(scores: Sequence[LilyPondScore], root: Path, out: Path) -> None:
    """``typeset`` those that are not done yet."""
    to_do = [score for score in scores if not score.done(out).is_file()]
    for first in range(0, len(to_do), _AT_ONCE):
        batch = to_do[first : first + _AT_ONCE]
        n_written = typeset(batch, root, out)
        logger.info("%d of %d: %d bars' files", first + len(batch), len(to_do), n_written)


def typeset(scores: Sequence[LilyPondScore], root: Path, out: Path) -> int:
    """Write the MIDI files of scores and their bars below ``out``; how many had usable bars.

    What a score includes is looked for in its folder of ``root`` and in that of its opus.
    """
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "teller.ly").write_text(_TELLER)
        sources = []
        for number, score in enumerate(scores):
            opus = root.joinpath(*score.path.relative_to(root).parts[:2])
            copy = work / f"opus{number}"
            shutil.copytree(opus, copy, ignore_dangling_symlinks=True)
            source = copy / score.path.relative_to(opus)
            files = [str(file) for file in copy.rglob("*.*ly*") if file.is_file()]
            _run(["convert-ly", "-e", *files], source.parent)
            # So that no two of them write the same file.
            sources.append(source.rename(source.with_name(f"score{number}.ly")))
        log = _run(_typesetting(work, sources), work, longest=_LONGEST_S * len(sources))
        if log.count("Processing `") < len(scores):  # one of them has brought it down
            logs = (_run(_typesetting(work, [s]), work, longest=_LONGEST_S) for s in sources)
            log = "".join(logs)
        by_number = dict(
            re.findall(r"Processing `\S*/score(\d+)\.ly'(.*?)(?=Processing `|\Z)", log, re.DOTALL)
        )
        n_all = 0
        for number, score in enumerate(scores):
            n_written = _keep(work / f"score{number}", by_number.get(str(number), ""), score, out)
            n_all += n_written
            score.done(out).write_text(str(n_written))
        return n_all


def _typesetting(work: Path, sources: Sequence[Path]) -> list[str]:
    settings = f"-dinclude-settings={work / 'teller.ly'}"
    return ["lilypond", "-dno-print-pages", settings, *map(str, sources)]


def _keep(typeset: Path, log: str, score: LilyPondScore, out: Path) -> int:
    """Of each movement the MIDI file and the bars, where these are sound; how many there are."""
    score.done(out).parent.mkdir(parents=True, exist_ok=True)
    if len(re.findall(r"bar ?check failed", log)) > _MOST_BAD_CHECKS:
        return 0
    n_written = 0
    for number, lines in enumerate(log.split("SCORE\n")[1:]):
        nth = "" if number == 0 else f"-{number}"
        music = typeset.with_name(f"{typeset.name}{nth}.midi")
        bars = bars_told(re.findall(r"^PLACE (\S+) (\S+) (\S+) (\S+)$", lines, re.MULTILINE))
        if music.is_file() and bars:
            shutil.copy(music, score.done(out).with_name(f"{score.stem}{nth}.mid"))
            write_bars(score.done(out).with_name(f"{score.stem}{nth}.bars"), bars)
            n_written += 1
    return n_written


def bars_told(places: Sequence[tuple[str, str, str, str]]) -> list[Bar]:
    """The bars of a score; none where it is not in bars, or in a meter that is not known.

    Parameters
    ----------
    places : sequence of (str, str, str, str)
        When something sounds and where in its bar, the length of the bar, all in wholes, and the
        meter; a place before the bar, in an upbeat, is negative.
    """
    told: list[tuple[Fraction, Fraction, str]] = []  # start, length, meter
    for moment, place, long, meter in places:
        start, length = Fraction(moment) - Fraction(place), Fraction(long)
        if told and start < told[-1][0]:
            return []
        if told and start == told[-1][0]:
            told.pop()
        while told and start - told[-1][0] > told[-1][1] > 0:  # bars in which nothing begins
            told.append((told[-1][0] + told[-1][1], *told[-1][1:]))
        told.append((start, length, meter))
    if not told:
        return []
    try:
        meters = [Meter.parse(meter) for _, _, meter in told]
    except ValueError:
        return []
    bars = [Bar(0.0, float(4 * told[0][0]), meters[0])] if told[0][0] > 0 else []
    ends = [start for start, _, _ in told[1:]] + [told[-1][0] + told[-1][1]]
    n_odd = 0
    for (start, length, _), end, its_meter in zip(told, ends, meters, strict=True):
        n_odd += end - start != length
        first = max(start, Fraction(0))
        bars.append(Bar(float(4 * first), float(4 * (end - first)), its_meter))
    return bars if n_odd <= _MOST_ODD_BARS * len(bars) else []


def _run(command: list[str], folder: Path, *, longest: float = 120.0) -> str:
    """Its output; a score that takes too long is aborted."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=longest,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.beats.mutopia")
    parser.add_argument("mutopia", type=Path)
    parser.add_argument("keyboard", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
