from __future__ import annotations

import io
from collections import Counter
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from amtstudio.formats import FORMATS
from amtstudio.formats.musicxml import dump_musicxml
from amtstudio.notation import NotationSettings
from amtstudio.symbolic import Note, TempoMap, Track, Transcription

# partitura reports its progress by warnings.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def load_score(partitura):
    """The notes of a MusicXML file, (onset in quarters, duration in quarters, pitch)."""

    def load(transcription):
        data = FORMATS["musicxml"].dumps(transcription)
        array = partitura.load_musicxml(io.BytesIO(data)).note_array()
        names = ("onset_quarter", "duration_quarter", "pitch")
        return sorted(tuple(row[name].item() for name in names) for row in array)

    return load


def test_a_steady_scale_over_a_bass_is_written_as_played(load_score):
    scale = [
        Note(0.5 * i, 0.5 * i + 0.48, 60 + (0, 2, 4, 5, 7, 9, 11, 12)[i % 8]) for i in range(32)
    ]
    bass = [Note(2.0 * i, 2.0 * i + 1.98, 48) for i in range(8)]
    expected = [(float(i), 1.0, note.pitch) for i, note in enumerate(scale)]
    expected += [(4.0 * i, 4.0, 48) for i in range(8)]
    assert load_score(Transcription(notes=(*scale, *bass))) == sorted(expected)


def test_every_note_is_there_with_its_pitch(load_score, rng):
    onsets = np.sort(rng.uniform(0.0, 60.0, size=400)).tolist()
    notes = tuple(
        Note(t, t + float(rng.uniform(0.01, 3.0)), int(rng.integers(21, 109))) for t in onsets
    )
    silence = tuple(Note(100.0 + i, 100.2 + i, 60) for i in range(3))
    trill = tuple(Note(110.0 + 0.02 * i, 110.01 + 0.02 * i, 72) for i in range(20))
    written = load_score(Transcription(notes=(*notes, *silence, *trill)))
    expected = Counter(note.pitch for note in (*notes, *silence, *trill))
    assert Counter(pitch for _, _, pitch in written) == expected


def test_every_bar_is_full_in_every_voice(rng):
    notes = tuple(
        Note(t, t + float(rng.uniform(0.05, 2.0)), int(rng.integers(30, 90)))
        for t in np.sort(rng.uniform(0.0, 60.0, size=300)).tolist()
    )
    score = ET.fromstring(FORMATS["musicxml"].dumps(Transcription(notes=notes)))
    divisions = int(score.findtext(".//divisions"))
    bars = list(score.iter("measure"))
    assert len(bars) > 10
    for bar in bars:
        if (time := bar.find("attributes/time")) is not None:
            full = divisions * 4 * int(time.findtext("beats")) / int(time.findtext("beat-type"))
        lengths: Counter[str] = Counter()
        for note in bar.iter("note"):
            if note.find("chord") is None:
                lengths[note.findtext("voice")] += int(note.findtext("duration"))
        if bar.get("implicit") is None:
            assert set(lengths.values()) == {full}
            assert {"1", "5"} <= set(lengths)  # both staves


def _transcription(beats, notes, **options):
    downs = np.arange(len(beats)) % options.pop("n_beats", 4) == options.pop("first", 0)
    return Transcription(notes=notes, tempo=TempoMap(beats, downs, **options))


def test_the_meter_of_the_tempo_map_is_written_with_its_upbeat():
    beats = np.arange(13) * 0.5
    notes = [Note(float(beat), float(beat) + 0.5, 60) for beat in beats[:-1]]
    score = ET.fromstring(
        FORMATS["musicxml"].dumps(_transcription(beats, notes, n_beats=3, first=1))
    )
    assert score.findtext(".//time/beats") == "3"
    bars = list(score.iter("measure"))
    assert [bar.get("number") for bar in bars] == ["0", "1", "2", "3", "4"]
    assert bars[0].get("implicit") == "yes"
    heads = [sum(1 for n in bar.iter("note") if n.find("pitch") is not None) for bar in bars]
    assert heads == [1, 3, 3, 3, 2]


def test_compound_beats_are_dotted_quarters():
    beats = np.arange(9) * 0.75
    notes = [Note(0.25 * i, 0.25 * i + 0.25, 60 + i % 3) for i in range(24)]
    transcription = _transcription(beats, notes, n_beats=2, beat_unit=8, is_compound=True)
    score = ET.fromstring(FORMATS["musicxml"].dumps(transcription))
    assert score.findtext(".//time/beats") == "6"
    assert score.findtext(".//time/beat-type") == "8"
    types = {n.findtext("type") for n in score.iter("note") if n.find("pitch") is not None}
    assert types == {"eighth"}
    assert score.find(".//time-modification") is None


def test_triplets_have_brackets_and_fill_their_beat(load_score):
    notes = [Note(i / 6, (i + 1) / 6, 72 + i % 3) for i in range(6)]
    notes += [Note(1.0 + i / 4, 1.25 + i / 4, 76) for i in range(4)]
    transcription = _transcription(np.arange(5) * 0.5, notes)
    score = ET.fromstring(FORMATS["musicxml"].dumps(transcription))
    brackets = [element.get("type") for element in score.iter("tuplet")]
    assert brackets == ["start", "stop", "start", "stop"]
    onsets = [onset for onset, _, _ in load_score(transcription)]
    assert onsets == pytest.approx([0, 1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2, 2.5, 3, 3.5], abs=1e-3)


def test_a_note_across_the_bar_line_is_tied(load_score):
    transcription = _transcription(np.arange(9) * 0.5, [Note(1.5, 2.5, 60), Note(2.5, 4.0, 62)])
    score = ET.fromstring(FORMATS["musicxml"].dumps(transcription))
    assert [tie.get("type") for tie in score.iter("tie")] == ["start", "stop"]
    # The first bar begins where the beats say, though the music begins in its midst.
    assert [length for _, length, _ in load_score(transcription)] == [2.0, 3.0]


def test_drums_stand_on_a_staff_of_their_own():
    drums = Track.named("drums")
    notes = [Note(0.5 * i, 0.5 * i + 0.05, pitch, track=drums) for i, pitch in enumerate([36, 42])]
    score = ET.fromstring(FORMATS["musicxml"].dumps(_transcription(np.arange(5) * 0.5, notes)))
    assert score.findtext(".//clef/sign") == "percussion"
    steps = {
        n.findtext("unpitched/display-step"): n.findtext("notehead") for n in score.iter("note")
    }
    assert steps["F"] is None
    assert steps["G"] == "x"


def test_a_guitar_as_tablature():
    guitar = Track.named("guitar")
    notes = [Note(0.5 * i, 0.5 * i + 0.5, p, track=guitar) for i, p in enumerate((40, 45, 52, 67))]
    transcription = _transcription(np.arange(5) * 0.5, notes)
    score = ET.fromstring(dump_musicxml(transcription, NotationSettings(tablature=True)))
    assert score.findtext(".//clef/sign") == "TAB"
    open_strings = {6: 40, 5: 45, 4: 50, 3: 55, 2: 59, 1: 64}
    places = [(int(t.findtext("string")), int(t.findtext("fret"))) for t in score.iter("technical")]
    assert [open_strings[string] + fret for string, fret in places] == [40, 45, 52, 67]


def test_tablature_names_strings_and_capo():
    guitar = Track.named("guitar")
    notes = [Note(0.5 * i, 0.5 * i + 0.5, p, track=guitar) for i, p in enumerate((40, 47, 54, 69))]
    settings = NotationSettings(tablature=True, guitar=(38, 45, 50, 55, 59, 64), capo=2)
    transcription = _transcription(np.arange(5) * 0.5, notes)
    score = ET.fromstring(dump_musicxml(transcription, settings))
    assert score.findtext(".//staff-details/capo") == "2"
    lowest = score.find(".//staff-tuning[@line='1']")
    assert [lowest.findtext(f"tuning-{part}") for part in ("step", "octave")] == ["D", "2"]
    places = [(int(t.findtext("string")), int(t.findtext("fret"))) for t in score.iter("technical")]
    assert [(38, 45, 50, 55, 59, 64)[6 - string] + fret + 2 for string, fret in places] == [
        40, 47, 54, 69,
    ]  # fmt: skip


def test_accidentals_are_written_once_in_a_bar():
    scale = [60, 62, 64, 65, 67, 69, 71, 72, 67, 66, 66, 65, 64, 62, 67, 60]
    notes = [Note(0.5 * i, 0.5 * i + 0.5, pitch) for i, pitch in enumerate(scale)]
    score = ET.fromstring(FORMATS["musicxml"].dumps(_transcription(np.arange(17) * 0.5, notes)))
    assert score.findtext(".//key/fifths") == "0"
    signs = [n.findtext("accidental") for n in score.iter("note") if n.find("pitch") is not None]
    assert signs == [None] * 9 + ["sharp", None, "natural"] + [None] * 4


@pytest.mark.parametrize("notes", [(), (Note(0.5, 1.0, 60),)])
def test_few_notes_and_odd_titles(notes):
    transcription = Transcription(notes=notes, metadata={"title": "A <b>\x01 & Ü\udcff"})
    score = ET.fromstring(FORMATS["musicxml"].dumps(transcription))
    assert score.findtext("movement-title") == "A <b> & Ü"
    pitched = [note for note in score.iter("note") if note.find("pitch") is not None]
    assert len(pitched) == len(notes)


@pytest.mark.parametrize("beat_unit", [1, 2, 16, 32])
def test_beats_of_every_unit_can_be_written(beat_unit):
    beats = np.arange(9) * 0.5
    notes = [Note(0.5 * i, 0.5 * i + length, 60) for i in range(8) for length in (0.05, 0.4)]
    transcription = _transcription(beats, notes, n_beats=4, beat_unit=beat_unit)
    score = ET.fromstring(FORMATS["musicxml"].dumps(transcription))
    assert score.findtext(".//time/beat-type") == str(beat_unit)
    assert sum(1 for n in score.iter("note") if n.find("pitch") is not None) >= 8
