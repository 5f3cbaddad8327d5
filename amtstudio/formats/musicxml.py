"""A transcription as a score: MusicXML 4.0, that notation programs read."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from amtstudio.notation import DIVISIONS, NotationSettings, Part, Score, ScoreNote, arrange
from amtstudio.notation.bars import Bar, Bars
from amtstudio.notation.drum_staff import drum_sign
from amtstudio.notation.values import Value, values_of
from amtstudio.symbolic import Transcription

_BEAMS = {"eighth": 1, "16th": 2, "32nd": 3}
_ACCIDENTALS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_SHARPS = "FCGDAEB"
_CLEFS = {
    "G": ("G", "2", ""),
    "F": ("F", "4", ""),
    "G8": ("G", "2", "-1"),
    "F8": ("F", "4", "-1"),
    "percussion": ("percussion", "", ""),
    "TAB": ("TAB", "5", ""),
}
_DOCTYPE = (
    b'<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"'
    b' "http://www.musicxml.org/dtds/partwise.dtd">\n'
)
_DEFAULT = NotationSettings()


def dump_musicxml(transcription: Transcription, settings: NotationSettings = _DEFAULT) -> bytes:
    """Write a score of a transcription: see ``notation.arrange`` for what that is.

    All notes are there, with their pitch, on the grid of the beats; exact times are not kept.
    """
    return score_as_musicxml(arrange(transcription, settings))


def note_id(row: int) -> str:
    """The id in the file of the first sign of a note; those tied to it add ``-2``, ``-3``, ..."""
    return f"n{row}"


def row_of_id(element_id: str) -> int | None:
    """The row of the transcription that a sign stands for; None if it is of no note."""
    name, _, _ = element_id.partition("-")
    return int(name[1:]) if name[:1] == "n" and name[1:].isdecimal() else None


def score_as_musicxml(score: Score) -> bytes:
    root = ET.Element("score-partwise", version="4.0")
    # XML has no place for control characters.
    title = "".join(filter(str.isprintable, score.title))
    if title:
        _add(root, "movement-title", title)
    encoding = _add(_add(root, "identification"), "encoding")
    _add(encoding, "software", "AMT Studio")
    part_list = _add(root, "part-list")
    for number, part in enumerate(score.parts, start=1):
        _list_part(part_list, f"P{number}", part)
    for number, part in enumerate(score.parts, start=1):
        element = _add(root, "part", id=f"P{number}")
        _PartWriter(part, score, has_tempo=number == 1).write(element)
    ET.indent(root, " ")
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    body: bytes = ET.tostring(root, encoding="utf-8")
    return head + _DOCTYPE + body + b"\n"


def _list_part(part_list: ET.Element, part_id: str, part: Part) -> None:
    element = _add(part_list, "score-part", id=part_id)
    name = "".join(filter(str.isprintable, part.track.name)) or "piano"
    _add(element, "part-name", name[:1].upper() + name[1:])
    if not part.track.is_drums:
        _add(_add(element, "score-instrument", id=f"{part_id}-I1"), "instrument-name", name)
        midi = _add(element, "midi-instrument", id=f"{part_id}-I1")
        _add(midi, "midi-program", part.track.program + 1)
        return
    drums = sorted({note.pitch for note in part.notes})
    for pitch in drums:
        instrument = _add(element, "score-instrument", id=f"{part_id}-I{pitch}")
        _add(instrument, "instrument-name", f"drum {pitch}")
    for pitch in drums:
        midi = _add(element, "midi-instrument", id=f"{part_id}-I{pitch}")
        _add(midi, "midi-channel", 10)
        _add(midi, "midi-unpitched", pitch + 1)


@dataclass(slots=True)
class _Sign:
    """One position in a voice: a chord, or without notes a rest."""

    value: Value
    notes: tuple[ScoreNote, ...] = ()
    number: int = 1  # of the signs that are tied together
    is_last: bool = True
    tuplet: str = ""  # "start", "stop" or "both"
    beams: tuple[str, ...] = ()


@dataclass(slots=True)
class _PartWriter:
    part: Part
    score: Score
    has_tempo: bool

    @property
    def _bars(self) -> Bars:
        return self.score.bars

    def write(self, element: ET.Element) -> None:
        voices = {
            key: list(notes)
            for key, notes in itertools.groupby(
                sorted(self.part.notes, key=lambda n: (n.staff, n.voice, n.onset, n.pitch)),
                key=lambda note: (note.staff, note.voice),
            )
        }
        chords = {key: _chords(notes) for key, notes in voices.items()}
        marks = iter(self.part.marks)
        mark = next(marks, None)
        former: Bar | None = None
        first_number = 0 if self._bars.bars[0].is_upbeat else 1
        for number, bar in enumerate(self._bars.bars, start=first_number):
            measure = _add(element, "measure", number=str(number))
            if bar.is_upbeat:
                measure.set("implicit", "yes")
            self._write_attributes(measure, bar, former)
            if former is None and self.has_tempo:
                self._write_tempo(measure)
            at = bar.onset
            while mark is not None and (mark.onset < bar.offset or bar is self._bars.bars[-1]):
                at = self._move(measure, at, max(bar.onset, min(mark.onset, bar.offset)))
                _write_mark(measure, mark.text, self.part.n_staves)
                mark = next(marks, None)
            self._move(measure, at, bar.onset)
            self._write_voices(measure, bar, chords)
            former = bar
        barline = _add(measure, "barline", location="right")
        _add(barline, "bar-style", "light-heavy")

    def _move(self, measure: ET.Element, at: int, to: int) -> int:
        if to != at:
            _add(_add(measure, "forward" if to > at else "backup"), "duration", abs(to - at))
        return to

    # -- the head of a bar ------------------------------------------------------------------------

    def _write_attributes(self, measure: ET.Element, bar: Bar, former: Bar | None) -> None:
        part = self.part
        is_first = former is None
        figures = (bar.beats, bar.beat_type)
        if former is not None and figures == (former.beats, former.beat_type):
            return
        attributes = _add(measure, "attributes")
        if is_first:
            _add(attributes, "divisions", DIVISIONS)
            if not part.track.is_drums:
                key = _add(attributes, "key")
                _add(key, "fifths", part.fifths)
                _add(key, "mode", part.mode)
        time = _add(attributes, "time")
        _add(time, "beats", bar.beats)
        _add(time, "beat-type", bar.beat_type)
        if not is_first:
            return
        if part.n_staves > 1:
            _add(attributes, "staves", part.n_staves)
        _write_clefs(attributes, part)

    def _write_tempo(self, measure: ET.Element) -> None:
        direction = _add(measure, "direction", placement="above")
        metronome = _add(_add(direction, "direction-type"), "metronome")
        quarters = self.score.tempo
        unit = {DIVISIONS: "quarter", 2 * DIVISIONS: "half", DIVISIONS // 2: "eighth"}
        beat = self._bars.beat
        if self._bars.is_compound:
            _add(metronome, "beat-unit", unit.get(beat * 2 // 3, "quarter"))
            _add(metronome, "beat-unit-dot")
        else:
            _add(metronome, "beat-unit", unit.get(beat, "quarter"))
        _add(metronome, "per-minute", round(quarters * DIVISIONS / beat))
        _add(direction, "sound", tempo=f"{quarters:.2f}")

    # -- notes ------------------------------------------------------------------------------------

    def _write_voices(
        self, measure: ET.Element, bar: Bar, chords: dict[tuple[int, int], list[_Chord]]
    ) -> None:
        streams: list[tuple[int, int, list[_Sign]]] = []
        for staff in range(1, self.part.n_staves + 1):
            upper, lower = (_in_bar(chords.get((staff, voice), []), bar) for voice in (1, 2))
            # Ties keep to their voice.
            is_whole = all(bar.onset <= c.onset and c.offset <= bar.offset for c in lower)
            if not upper and is_whole and not self.part.track.is_drums:
                upper, lower = lower, []
            streams.append((staff, 1, self._signs(upper, bar)))
            if lower:
                streams.append((staff, 2, self._signs(lower, bar)))
        accidentals = self._accidentals(streams)
        at = bar.onset
        for staff, voice, signs in streams:
            self._move(measure, at, bar.onset)
            for sign in signs:
                self._write_sign(measure, sign, staff, voice, accidentals)
            at = bar.offset

    def _signs(self, chords: list[_Chord], bar: Bar) -> list[_Sign]:
        """Notes and rests that fill the bar."""
        beat = self._bars.pulse
        edges = [edge for chord in chords for edge in (chord.onset, chord.offset)]
        triplets = frozenset(
            (edge - bar.onset) // beat * beat
            for edge in edges
            if bar.onset < edge < bar.offset and (edge - bar.onset) % (DIVISIONS // 8)
        )
        signs: list[_Sign] = []
        at = bar.onset

        def rest(until: int) -> None:
            signs.extend(
                _Sign(value)
                for value in values_of(
                    at, until, bar, beat=beat, triplet_beats=triplets, is_rest=True
                )
            )

        for chord in chords:
            begin, end = max(chord.onset, bar.onset), min(chord.offset, bar.offset)
            if begin > at:
                rest(begin)
            values = values_of(begin, end, bar, beat=beat, triplet_beats=triplets)
            for place, value in enumerate(values, start=1):
                chord.n_signs += 1
                is_last = place == len(values) and chord.offset <= bar.offset
                signs.append(_Sign(value, chord.notes, chord.n_signs, is_last))
            at = end
        if at < bar.offset:
            rest(bar.offset)
        _bracket(signs, bar, beat)
        _beam(signs, bar, beat)
        return signs

    def _accidentals(self, streams: list[tuple[int, int, list[_Sign]]]) -> set[tuple[int, int]]:
        """Those (row, number of the sign) that need one, by what stood before in the bar."""
        needed: set[tuple[int, int]] = set()
        if self.part.track.is_drums:
            return needed
        heads = sorted(
            (sign.value.onset, staff, note.pitch, sign.number, note)
            for staff, _, signs in streams
            for sign in signs
            for note in sign.notes
        )
        fifths = self.part.fifths
        of_key = dict.fromkeys(_SHARPS[: max(fifths, 0)], 1)
        of_key |= dict.fromkeys(_SHARPS[::-1][: max(-fifths, 0)], -1)
        held: dict[tuple[int, str, int], int] = {}
        for _, staff, _, number, note in heads:
            name = note.spelling
            if number > 1:
                continue  # tied
            place = (staff, name.step, name.octave)
            if held.get(place, of_key.get(name.step, 0)) != name.alter:
                needed.add((note.row, number))
            held[place] = name.alter
        return needed

    def _write_sign(
        self,
        measure: ET.Element,
        sign: _Sign,
        staff: int,
        voice: int,
        accidentals: set[tuple[int, int]],
    ) -> None:
        if not sign.notes:
            self._write_rest(measure, sign, staff, voice)
            return
        for place, score_note in enumerate(sign.notes):
            identity = note_id(score_note.row) + (f"-{sign.number}" if sign.number > 1 else "")
            note = _add(measure, "note", id=identity)
            note.set("dynamics", f"{score_note.velocity / 0.9:.2f}")
            if place > 0:
                _add(note, "chord")
            self._write_pitch(note, score_note)
            _add(note, "duration", sign.value.length)
            if sign.number > 1:
                _add(note, "tie", type="stop")
            if not sign.is_last:
                _add(note, "tie", type="start")
            self._write_value(
                note,
                sign,
                staff,
                voice,
                score_note=score_note,
                accidental=(score_note.row, sign.number) in accidentals,
            )
            if place == 0:
                for level, beam in enumerate(sign.beams, start=1):
                    _add(note, "beam", beam, number=str(level))
            _write_notations(note, sign, score_note, has_bracket=place == 0)

    def _write_rest(self, measure: ET.Element, sign: _Sign, staff: int, voice: int) -> None:
        note = _add(measure, "note")
        if voice == 2:
            note.set("print-object", "no")
        rest = _add(note, "rest")
        self._write_value(note, sign, staff, voice)
        if sign.value.length == self._bars.bar_at(sign.value.onset).length:
            rest.set("measure", "yes")
        _write_notations(note, sign, None)

    def _write_pitch(self, note: ET.Element, score_note: ScoreNote) -> None:
        name = score_note.spelling
        if self.part.track.is_drums:
            unpitched = _add(note, "unpitched")
            _add(unpitched, "display-step", name.step)
            _add(unpitched, "display-octave", name.octave)
            return
        pitch = _add(note, "pitch")
        _add(pitch, "step", name.step)
        if name.alter:
            _add(pitch, "alter", name.alter)
        _add(pitch, "octave", name.octave)

    def _write_value(
        self,
        note: ET.Element,
        sign: _Sign,
        staff: int,
        voice: int,
        *,
        score_note: ScoreNote | None = None,
        accidental: bool = False,
    ) -> None:
        is_drum = self.part.track.is_drums
        if score_note is None:
            _add(note, "duration", sign.value.length)
        elif is_drum:
            number = self.score.parts.index(self.part) + 1
            _add(note, "instrument", id=f"P{number}-I{score_note.pitch}")
        # Voices are numbered through the staves of a part, as notation programs do.
        _add(note, "voice", voice + 4 * (staff - 1))
        _add(note, "type", sign.value.type)
        for _ in range(sign.value.dots):
            _add(note, "dot")
        if accidental and score_note is not None:
            _add(note, "accidental", _ACCIDENTALS[score_note.spelling.alter])
        if sign.value.is_triplet:
            change = _add(note, "time-modification")
            _add(change, "actual-notes", 3)
            _add(change, "normal-notes", 2)
        if score_note is not None and is_drum:
            drum = drum_sign(score_note.pitch)
            _add(note, "stem", "up" if drum.is_up else "down")
            if drum.notehead:
                _add(note, "notehead", drum.notehead)
        if self.part.n_staves > 1:
            _add(note, "staff", staff)


def _write_clefs(attributes: ET.Element, part: Part) -> None:
    for number, clef in enumerate(part.clefs, start=1):
        sign, line, octaves = _CLEFS[clef]
        element = _add(attributes, "clef", number=str(number))
        _add(element, "sign", sign)
        if line:
            _add(element, "line", line)
        if octaves:
            _add(element, "clef-octave-change", octaves)
    if part.tuning:
        details = _add(attributes, "staff-details")
        _add(details, "staff-lines", len(part.tuning))
        for line_number, pitch in enumerate(part.tuning, start=1):
            tuning = _add(details, "staff-tuning", line=str(line_number))
            _add(tuning, "tuning-step", "CCDDEFFGGAAB"[pitch % 12])
            if pitch % 12 in (1, 3, 6, 8, 10):
                _add(tuning, "tuning-alter", 1)
            _add(tuning, "tuning-octave", pitch // 12 - 1)
        if part.capo:
            _add(details, "capo", part.capo)


@dataclass(slots=True)
class _Chord:
    onset: int
    offset: int
    notes: tuple[ScoreNote, ...]
    n_signs: int = 0  # written so far


def _chords(notes: list[ScoreNote]) -> list[_Chord]:
    chords = []
    for onset, group in itertools.groupby(notes, key=lambda note: note.onset):
        own = tuple(group)
        chords.append(_Chord(onset, max(note.offset for note in own), own))
    return chords


def _in_bar(chords: list[_Chord], bar: Bar) -> list[_Chord]:
    return [chord for chord in chords if chord.onset < bar.offset and chord.offset > bar.onset]


def _runs(signs: list[_Sign], bar: Bar, beat: int) -> Iterator[list[_Sign]]:
    for _, group in itertools.groupby(signs, key=lambda s: (s.value.onset - bar.onset) // beat):
        yield list(group)


def _bracket(signs: list[_Sign], bar: Bar, beat: int) -> None:
    for run in _runs(signs, bar, beat):
        triplets = [sign for sign in run if sign.value.is_triplet]
        if len(triplets) == 1:
            triplets[0].tuplet = "both"
        elif triplets:
            triplets[0].tuplet, triplets[-1].tuplet = "start", "stop"


def _beam(signs: list[_Sign], bar: Bar, beat: int) -> None:
    for run in _runs(signs, bar, max(beat, DIVISIONS)):
        for is_note, group in itertools.groupby(
            run, key=lambda sign: bool(sign.notes) and sign.value.type in _BEAMS
        ):
            own = list(group)
            if not is_note or len(own) < 2:
                continue
            counts = [0, *(_BEAMS[sign.value.type] for sign in own), 0]
            for place, sign in enumerate(own, start=1):
                sign.beams = tuple(
                    _beam_word(
                        counts[place - 1] >= level, counts[place + 1] >= level, is_first=place == 1
                    )
                    for level in range(1, counts[place] + 1)
                )


def _beam_word(has_before: bool, has_after: bool, *, is_first: bool) -> str:
    if has_before and has_after:
        return "continue"
    if has_after:
        return "begin"
    if has_before:
        return "end"
    return "forward hook" if is_first else "backward hook"


def _write_notations(
    note: ET.Element, sign: _Sign, score_note: ScoreNote | None, *, has_bracket: bool = True
) -> None:
    notations = ET.Element("notations")
    if score_note is not None:
        if sign.number > 1:
            _add(notations, "tied", type="stop")
        if not sign.is_last:
            _add(notations, "tied", type="start")
    if has_bracket and sign.tuplet:
        for kind in ("start", "stop"):
            if sign.tuplet in (kind, "both"):
                _add(notations, "tuplet", type=kind, bracket="yes", number="1")
    if score_note is not None and score_note.string:
        _write_place(notations, score_note, has_bends=sign.number == 1)
    if len(notations):
        note.append(notations)


def _write_place(notations: ET.Element, score_note: ScoreNote, *, has_bends: bool) -> None:
    technical = _add(notations, "technical")
    _add(technical, "string", score_note.string)
    _add(technical, "fret", score_note.fret)
    for semitones in score_note.bends if has_bends else ():
        bend = _add(technical, "bend")
        _add(bend, "bend-alter", f"{semitones:g}")
        if semitones < 0:
            _add(bend, "release")


def _write_mark(measure: ET.Element, text: str, n_staves: int) -> None:
    is_pedal = text.startswith("pedal")
    direction = _add(measure, "direction", placement="above" if text == "swing" else "below")
    kind = _add(direction, "direction-type")
    if is_pedal:
        _add(kind, "pedal", type="start" if text == "pedal down" else "stop", line="no", sign="yes")
    elif text == "swing":
        _add(kind, "words", "Swing")
    else:
        _add(_add(kind, "dynamics"), text)
    if n_staves > 1:
        _add(direction, "staff", n_staves if is_pedal else 1)


def _add(parent: ET.Element, tag: str, text: object = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    if text is not None:
        element.text = str(text)
    return element
