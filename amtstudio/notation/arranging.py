"""From what was played to a score: the steps one after the other."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import numpy as np
import numpy.typing as npt

from amtstudio.notation import tablature
from amtstudio.notation.bars import DIVISIONS, ON_BEAT, SMALLEST, Bars, bars_of
from amtstudio.notation.drum_staff import drum_sign
from amtstudio.notation.grid import Grid, choose_grid, falls_into_three, swing_of
from amtstudio.notation.hands import hands_of
from amtstudio.notation.keys import key_of, spelled
from amtstudio.notation.marks import dynamics_of, pedal_marks
from amtstudio.notation.pulse import pulse_of
from amtstudio.notation.score import Mark, Part, Score, ScoreNote, Spelling
from amtstudio.notation.string_bends import string_bend
from amtstudio.notation.voices import voices_of, written_offsets
from amtstudio.symbolic import (
    PIANO,
    NoteTable,
    ScoreChoices,
    StaffPlace,
    TempoMap,
    Track,
    Transcription,
)
from amtstudio.symbolic.keys import Key
from amtstudio.symbolic.score_choices import Tuning, check_capo, check_tuning

Integers = npt.NDArray[np.int64]

_TWO_STAVES = {*range(8), *range(16, 24), 46}  # General MIDI: pianos, organs, harp
_GUITARS = range(24, 32)
_BASSES = range(32, 40)
_SMALL = {"mandolin": tablature.MANDOLIN, "ukulele": tablature.UKULELE}  # programs of guitars
_HELD_BEATS = 3.5
_LOW = 57  # what is mostly below stands in the bass clef


@dataclass(frozen=True, slots=True)
class NotationSettings:
    """How a score is written.

    ``triplets``: whether beats may fall into three; ``swing``: whether swung halves of beats are
    written as even ones, and said so; ``dynamics`` and ``pedal``: whether they are written;
    ``tablature``: guitars and basses as strings and frets instead of notes; ``guitar`` and
    ``bass``: their open strings, the lowest first, or nothing: those that the notes suggest;
    ``capo``: the fret at which a guitar has one, 0 for none; ``key``: the one it is written in, or
    None: that of the notes, for each part.

    Raises ``ValueError`` for a tuning or a capo that cannot be.
    """

    triplets: bool = True
    swing: bool = True
    dynamics: bool = True
    pedal: bool = True
    tablature: bool = False
    guitar: Tuning = ()
    bass: Tuning = ()
    capo: int = 0
    key: Key | None = None

    def __post_init__(self) -> None:
        for tuning in filter(None, (self.guitar, self.bass)):
            check_tuning(tuning)
        check_capo(self.capo)

    def with_choices(self, choices: ScoreChoices) -> NotationSettings:
        """The same, but for what is said of one recording."""
        said = {name: getattr(choices, name) for name in ("key", "guitar", "bass", "capo")}
        return replace(self, **{name: value for name, value in said.items() if value is not None})

    def to_text(self) -> str:
        """The names of those that are true, and numbers where they are not the usual ones."""
        words = [name for name, is_on in asdict(self).items() if is_on is True]
        tunings = {"guitar": self.guitar, "bass": self.bass}
        words += [f"{name}={'-'.join(map(str, own))}" for name, own in tunings.items() if own]
        words += [f"capo={self.capo}"] if self.capo else []
        words += [f"key={self.key.fifths}:{self.key.mode}"] if self.key is not None else []
        return " ".join(words)

    @classmethod
    def of_text(cls, text: str) -> NotationSettings:
        """The inverse of ``to_text``; what is not known, or cannot be, counts for nothing."""
        words = dict(word.partition("=")[::2] for word in text.split())
        plain = cls(
            triplets="triplets" in words,
            swing="swing" in words,
            dynamics="dynamics" in words,
            pedal="pedal" in words,
            tablature="tablature" in words,
        )
        try:
            guitar, bass = (
                tuple(map(int, words[name].split("-"))) if name in words else ()
                for name in ("guitar", "bass")
            )
            fifths, _, mode = words.get("key", "").partition(":")
            key = Key(int(fifths), mode) if fifths else None
            capo = int(words.get("capo", "0"))
            return replace(plain, guitar=guitar, bass=bass, capo=capo, key=key)
        except ValueError:
            return plain


_DEFAULT = NotationSettings()


@dataclass(frozen=True, slots=True)
class _Plan:
    """Values common to all parts."""

    bars: Bars
    swing: float
    settings: NotationSettings


@dataclass(frozen=True, slots=True)
class _Placed:
    """Notes of one part by columns, times in divisions."""

    onset: Integers
    offset: Integers
    pitch: Integers
    staff: Integers


def arrange(transcription: Transcription, settings: NotationSettings = _DEFAULT) -> Score:
    """Write a transcription as a score, one part for each track.

    Bars come from ``transcription.tempo``, or, where there is none, from a guess at the beat; what
    ``transcription.score_choices`` say counts before ``settings``. Every note is there; what was
    played is not changed.
    """
    settings = settings.with_choices(transcription.score_choices)
    tempo = transcription.tempo or pulse_of(transcription.notes)
    bars, longer, swing = _bars_and_swing(transcription, tempo, settings)
    parts = _parts(transcription, _Plan(longer, swing, settings))
    if longer.end > bars.end:
        if any(note.onset >= bars.end for part in parts for note in part.notes):
            bars = longer
        else:  # nothing begins in the bar that was added
            parts = _parts(transcription, _Plan(bars, swing, settings))
    if swing != 0.5 and parts:
        parts[0] = replace(parts[0], marks=(Mark(0, "swing"), *parts[0].marks))
    quarters = tempo.tempo * bars.beat / DIVISIONS
    return Score(tuple(parts), bars, quarters, transcription.title)


def _bars_and_swing(
    transcription: Transcription, tempo: TempoMap, settings: NotationSettings
) -> tuple[Bars, Bars, float]:
    """Bars up to where the last note ends, bars with room for a last note that is short, swing."""
    notes = transcription.notes
    first = last = onset = 0.0
    is_compound, swing = tempo.is_compound, 0.5
    if len(notes):
        first, last = float(notes.onset.min()), _last_end(notes, tempo)
        onset = _in_last_beat(notes, tempo)
        positions = np.sort(tempo.to_beats(notes.onset))
        seconds = 60.0 / tempo.tempo
        if settings.swing and tempo.beat_unit == 4 and not is_compound:
            swing = swing_of(positions, seconds)
        # The beats of a transcription have a meter; estimated ones do not.
        if transcription.tempo is None and settings.triplets and swing == 0.5:
            is_compound = falls_into_three(positions, seconds)
    bars, longer = (
        bars_of(tempo, first, end, is_compound=is_compound) for end in (last, max(last, onset))
    )
    return bars, longer, swing


def _in_last_beat(notes: NoteTable, tempo: TempoMap) -> float:
    """A time in the beat in which the last note may be written.

    A short one on the first beat of a bar, such as a last stroke, ends before its bar counts as
    reached.
    """
    beat = np.floor(tempo.to_beats(float(notes.onset.max())) + ON_BEAT)
    return float(tempo.to_seconds(beat + 0.5))


def _last_end(notes: NoteTable, tempo: TempoMap) -> float:
    """Where the last notes end; what is held for longer than a bar adds no empty bars."""
    onset = float(notes.onset.max())
    limit = float(tempo.to_seconds(tempo.to_beats(onset) + _HELD_BEATS))
    return min(float(notes.offset.max()), limit)


def _parts(transcription: Transcription, plan: _Plan) -> list[Part]:
    notes = transcription.notes
    parts = []
    for track in notes.playing() or (PIANO,):
        own = notes.track == notes.tracks.index(track) if len(notes) else np.zeros(0, bool)
        parts.append(_part(transcription, track, np.flatnonzero(own), plan))
    return parts


def _part(transcription: Transcription, track: Track, rows: Integers, plan: _Plan) -> Part:
    notes, bars, settings = transcription.notes, plan.bars, plan.settings
    pitch = notes.pitch[rows].astype(np.int64)
    staff = np.ones(len(rows), np.int64)
    has_two = not track.is_drums and track.program in _TWO_STAVES
    if has_two:
        staff = hands_of(notes.onset[rows], pitch)
    chosen = transcription.staff_places
    wanted = [chosen.get(key, StaffPlace()) for key in notes.id[rows].tolist()]
    if has_two:
        staff = _as_wanted(staff, [place.hand for place in wanted])
    onset, offset = _on_grid(notes, rows, staff, plan)
    voices = [place.voice for place in wanted]
    voice, offset = _voices(track, _Placed(onset, offset, pitch, staff), bars, voices)
    bends = _string_bends(notes, rows, settings)
    is_bent = np.array([bool(bend) for bend in bends], bool)
    tuning, capo, places = _tablature(track, onset, pitch, settings, is_bent)
    key = Key(0, "major")
    names = [_drum_spelling(int(value)) for value in pitch]
    if not track.is_drums:
        key = settings.key or key_of(pitch, (offset - onset).astype(np.float64))
        names = spelled(pitch, key)
    marks: list[Mark] = []
    if settings.dynamics and len(rows):
        marks += dynamics_of(onset, notes.velocity[rows], bars)
    if settings.pedal:
        marks += pedal_marks((p for p in transcription.pedals if p.track == track), bars)
    written = [
        ScoreNote(
            int(row),
            int(onset[i]),
            int(offset[i]),
            int(pitch[i]),
            int(notes.velocity[row]),
            names[i],
            int(staff[i]),
            int(voice[i]),
            *((place.string, place.fret) if (place := places[i]) is not None else (0, 0)),
            bends=bends[i] if place is not None and place.fret else (),
        )
        for i, row in enumerate(rows)
    ]
    written.sort(key=lambda note: (note.onset, note.pitch))
    return Part(
        track,
        tuple(written),
        2 if has_two else 1,
        key.fifths,
        key.mode,
        _clefs(track, pitch, has_two=has_two, has_tablature=bool(tuning)),
        tuple(sorted(marks, key=lambda mark: mark.onset)),
        tuning,
        capo,
    )


def _string_bends(
    notes: NoteTable, rows: Integers, settings: NotationSettings
) -> list[tuple[float, ...]]:
    if notes.bends is None or not settings.tablature:
        return [()] * len(rows)
    durations = (notes.offset - notes.onset)[rows].tolist()
    return [
        string_bend(notes.bends[row], duration)
        for row, duration in zip(rows.tolist(), durations, strict=True)
    ]


def _as_wanted(found: Integers, wanted: list[int | None]) -> Integers:
    """The numbers found, except where the user has chosen others."""
    return np.array(
        [choice or number for number, choice in zip(found.tolist(), wanted, strict=True)], np.int64
    )


def _on_grid(
    notes: NoteTable, rows: Integers, staff: Integers, plan: _Plan
) -> tuple[Integers, Integers]:
    """Onsets and offsets in divisions; each hand has its own grid."""
    bars, pitch = plan.bars, notes.pitch[rows]
    onset = np.zeros(len(rows), np.int64)
    offset = np.zeros(len(rows), np.int64)
    pulses = bars.beat // bars.pulse  # of a beat
    seconds = 60.0 / bars.tempo.tempo / pulses
    for hand in np.unique(staff):
        own = np.flatnonzero(staff == hand)
        begin = bars.tempo.to_beats(notes.onset[rows[own]]) * pulses
        end = bars.tempo.to_beats(notes.offset[rows[own]]) * pulses
        grid = choose_grid(
            np.sort(begin),
            seconds,
            is_compound=bars.is_compound,
            swing=plan.swing,
            has_triplets=plan.settings.triplets,
            n_divisions=bars.pulse,
        )
        shift = bars.first_beat * bars.beat
        onset[own] = np.rint(grid.nearest(begin) * bars.pulse).astype(np.int64) - shift
        ends = grid.nearest(end, finest=3 if bars.is_compound else 2)
        offset[own] = np.rint(ends * bars.pulse).astype(np.int64) - shift
        onset[own] = np.clip(onset[own], 0, None)
        _part_clashes(onset, own, pitch, grid, bars)
    step = bars.pulse // 6 if bars.is_compound else bars.pulse // 4
    onset = np.minimum(onset, bars.end - SMALLEST)
    return onset, np.maximum(offset, onset + max(step, SMALLEST))


def _part_clashes(onset: Integers, own: Integers, pitch: Integers, grid: Grid, bars: Bars) -> None:
    """Of two strokes of a key on one place the later takes the next free one."""
    taken: set[tuple[int, int]] = set()
    for i in own.tolist():
        at = int(onset[i])
        while (int(pitch[i]), at) in taken:
            first = bars.first_beat * bars.beat // bars.pulse
            parts = grid.parts.get(at // bars.pulse + first, 1)
            at += bars.pulse // 6 if parts in (3, 6) and not bars.is_compound else SMALLEST
        taken.add((int(pitch[i]), at))
        onset[i] = at


def _voices(
    track: Track, notes: _Placed, bars: Bars, wanted: list[int | None]
) -> tuple[Integers, Integers]:
    onset, offset, pitch, staff = notes.onset, notes.offset, notes.pitch, notes.staff
    voice = np.ones(len(onset), np.int64)
    written = offset.copy()
    ends = np.array([bar.offset for bar in bars.bars])
    for hand in np.unique(staff):
        own = np.flatnonzero(staff == hand)
        if track.is_drums:
            voice[own] = [1 if drum_sign(int(p)).is_up else 2 for p in pitch[own]]
        else:
            found = voices_of(onset[own], offset[own], pitch[own], beat=bars.pulse)
            voice[own] = _as_wanted(found, [wanted[row] for row in own.tolist()])
        for line in (1, 2):
            rows = own[voice[own] == line]
            if len(rows) == 0:
                continue
            place = np.minimum(np.searchsorted(ends, onset[rows], side="right"), len(ends) - 1)
            # A drum has no length: it is written until the next, within its beat.
            until = offset[rows] if not track.is_drums else onset[rows] + 1
            written[rows] = written_offsets(onset[rows], until, beat=bars.pulse, bar_of=ends[place])
            _keep_triplets(onset, written, rows, bars)
            if track.is_drums:
                _end_with_beat(onset, written, rows, bars)
            written[rows] = np.minimum(written[rows], bars.end)
    _end_before_struck_again(notes, voice, written)
    return voice, written


def _end_before_struck_again(notes: _Placed, voice: Integers, written: Integers) -> None:
    """Let no key be held while another voice strikes it; a chord ends together."""
    last: dict[tuple[int, int], int] = {}  # by staff and pitch, from the end of the piece
    ends: dict[tuple[int, int, int], int] = {}  # of chords
    chords = list(zip(notes.staff.tolist(), voice.tolist(), notes.onset.tolist(), strict=True))
    for row in np.argsort(-notes.onset, kind="stable").tolist():
        key = (int(notes.staff[row]), int(notes.pitch[row]))
        begin, end = int(notes.onset[row]), int(written[row])
        again = last.get(key, end)
        # Two strokes on one place, as the last of the piece may be, are both written.
        end = min(end, again) if again > begin else end
        ends[chords[row]] = min(end, ends.get(chords[row], end))
        last[key] = begin
    written[:] = [ends[chord] for chord in chords]


def _keep_triplets(onset: Integers, written: Integers, rows: Integers, bars: Bars) -> None:
    """Let notes end on the triplets of a beat that falls into them."""
    if bars.is_compound:
        return
    beat, step = bars.pulse, bars.pulse // 6
    threes = {int(at) // beat for at in onset[rows] if at % beat % (SMALLEST)}
    for row in rows:
        end = int(written[row])
        within = end % beat
        if end // beat in threes and within % step:
            end += round(within / step) * step - within
            written[row] = max(end, int(onset[row]) + step)
        elif end // beat not in threes and within % (SMALLEST):
            # From a triplet into a beat that has none.
            written[row] = end - within if end - within > onset[row] else end + beat - within


def _end_with_beat(onset: Integers, written: Integers, rows: Integers, bars: Bars) -> None:
    starts = np.unique(onset[rows])
    for row in rows:
        at = int(onset[row])
        place = int(np.searchsorted(starts, at, side="right"))
        following = int(starts[place]) if place < len(starts) else bars.end
        written[row] = min(following, (at // bars.pulse + 1) * bars.pulse)


def _tablature(
    track: Track,
    onset: Integers,
    pitch: Integers,
    settings: NotationSettings,
    is_bent: npt.NDArray[np.bool_],
) -> tuple[Tuning, int, list[tablature.Place | None]]:
    """Open strings, the fret of a capo, and where each note is played."""
    none: list[tablature.Place | None] = [None] * len(pitch)
    is_guitar = track.program in _GUITARS
    if not settings.tablature or track.is_drums or not (is_guitar or track.program in _BASSES):
        return (), 0, none
    capo = settings.capo if is_guitar else 0
    if (other := _SMALL.get(track.name.casefold())) is not None:
        tuning, capo = other, 0
    elif is_guitar:
        tuning = settings.guitar or tablature.likely_tuning(pitch, tablature.GUITARS, capo=capo)
    else:
        tuning = settings.bass or tablature.likely_tuning(pitch, tablature.BASSES)
    order = np.lexsort((pitch, onset))
    places = none
    for row, place in zip(
        order.tolist(),
        tablature.places_of(
            onset[order], pitch[order], tuning=tuning, capo=capo, is_bent=is_bent[order]
        ),
        strict=True,
    ):
        places[row] = place
    return tuning, capo, places


def _clefs(track: Track, pitch: Integers, *, has_two: bool, has_tablature: bool) -> tuple[str, ...]:
    if track.is_drums:
        return ("percussion",)
    if has_two:
        return ("G", "F")
    if has_tablature:
        return ("TAB",)
    if track.program in _GUITARS:
        return ("G8",)
    if track.program in _BASSES:
        return ("F8",)
    return ("F",) if len(pitch) and float(np.median(pitch)) < _LOW else ("G",)


def _drum_spelling(pitch: int) -> Spelling:
    sign = drum_sign(pitch)
    return Spelling(sign.step, 0, sign.octave)
