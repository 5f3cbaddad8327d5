"""Bends and families of notes, from what a model says of the frames in which they sound."""

import numpy as np
import pytest

from amtstudio.decoding import Activations, DecodingSettings, NoteDecoder, decode
from amtstudio.features import FrameGrid
from amtstudio.symbolic import Note, NoteTable, Track
from amtstudio.symbolic.families import BEND_RANGE, FAMILIES, FAMILY_TRACKS, SOMEBODY
from amtstudio.symbolic.heads import NOTE_HEADS, Head, HeadKind

GRID = FrameGrid(16000, 512)
S = 0.032  # a frame
HEADS = (
    *NOTE_HEADS,
    Head("bend", HeadKind.VALUE, where="frame"),
    Head("family", HeadKind.CLASS, where="frame", classes=FAMILIES),
)


def heard(n_frames, notes):
    """Notes of (first frame, end, pitch, family, cents of each frame or a number)."""
    values = {head.name: np.zeros(head.shape(n_frames), np.float32) for head in HEADS}
    values["bend"][:] = 0.5
    values["family"][:] = 1 / len(FAMILIES)
    for first, end, pitch, family, cents in notes:
        key = pitch - 21
        values["onset"][first, key] = 0.9
        values["frame"][first:end, key] = 0.9
        values["velocity"][first, key] = 0.5
        values["bend"][first:end, key] = 0.5 + np.asarray(cents) / (200.0 * BEND_RANGE)
        values["family"][first:end, key] = 0.02
        values["family"][first:end, key, FAMILIES.index(family)] = 0.84
    return Activations(HEADS, values, GRID)


def test_a_note_is_put_on_the_track_of_who_plays_it():
    plays = [(10 * i, 10 * i + 8, 60 + i, "guitar", 0.0) for i in range(6)]
    plays += [(10 * i + 3, 10 * i + 9, 40 + i, "bass", 0.0) for i in range(6)]
    notes, _ = decode(heard(80, plays), DecodingSettings())
    tracks = {note.pitch: note.track for note in notes}
    assert tracks[60] == FAMILY_TRACKS["guitar"]
    assert tracks[40] == FAMILY_TRACKS["bass"]
    assert notes.bends is None


def test_a_bend_is_told_to_some_cents_and_with_few_points():
    rise = np.concatenate([np.zeros(10), np.linspace(0.0, 200.0, 20), np.full(20, 200.0)])
    (note,), _ = decode(heard(70, [(5, 55, 60, "guitar", rise)]), DecodingSettings())
    seconds, cents = zip(*note.bend, strict=True)
    assert len(seconds) < 12
    for frame in (2, 20, 25, 45):
        told = np.interp(frame * S, seconds, cents)
        assert told == pytest.approx(rise[frame], abs=12.0)
    assert 0.0 <= seconds[0] < seconds[-1] <= note.duration + S


def test_what_wavers_a_little_does_not_bend():
    wavering = 12.0 * np.sin(np.arange(50))
    (note,), _ = decode(heard(70, [(5, 55, 60, "voice", wavering)]), DecodingSettings())
    assert note.bend == ()


def test_what_is_steadily_off_its_key_tells_so_and_a_breath_does_not():
    plays = [(5, 55, 60, "voice", 22.0), (5, 55, 64, "voice", 10.0)]
    off, near = decode(heard(70, plays), DecodingSettings())[0]
    assert [cents for _, cents in off.bend] == pytest.approx([22.0, 22.0], abs=0.1)
    assert near.bend == ()


def test_chunks_give_the_details_of_the_whole():
    rng = np.random.default_rng(4)
    plays = [
        (
            int(first),
            int(first) + 25,
            int(pitch),
            FAMILIES[int(rng.integers(9))],
            float(rng.uniform(-150, 150)),
        )
        for first, pitch in zip(range(3, 260, 6), rng.permutation(88)[:43] + 21, strict=True)
    ]
    acts = heard(300, plays)
    whole = NoteDecoder(DecodingSettings(), GRID)
    expected = whole.feed(acts).joined(whole.finish()).in_order()
    parts = NoteDecoder(DecodingSettings(), GRID)
    found = NoteTable.of(())
    for begin in range(0, 300, 37):
        end = min(begin + 37, 300)
        values = {name: array[begin:end] for name, array in acts.values.items()}
        found = found.joined(parts.feed(Activations(HEADS, values, GRID, begin)))
    found = found.joined(parts.finish()).in_order()
    assert len(found) == len(plays)
    assert list(found) == list(expected)


def test_two_keys_that_tell_of_one_sound_between_them_are_one_note():
    plays = [
        (10, 40, 60, "voice", 45.0),
        (10, 40, 61, "voice", -58.0),
        (50, 70, 60, "voice", 0.0),
        (50, 70, 61, "voice", 0.0),
    ]
    notes, _ = decode(heard(90, plays), DecodingSettings())
    assert [(round(note.onset / S), note.pitch) for note in notes] == [(10, 60), (50, 60), (50, 61)]


def test_strays_join_who_plays_around_them():
    plays = [(10 * i, 10 * i + 8, 50 + i % 20, "winds", 0.0) for i in range(60)]
    plays.append((305, 309, 90, "voice", 0.0))
    notes, _ = decode(heard(620, plays), DecodingSettings())
    assert notes.tracks == (FAMILY_TRACKS["winds"],)
    assert len(notes) == 61


def test_notes_of_one_track_without_bends_are_left_alone():
    notes = NoteTable.of([Note(0.5, 1.0, 60), Note(0.5, 1.0, 61)])
    from amtstudio.decoding.tidying import tidied  # noqa: PLC0415

    assert tidied(notes) is notes
    drums = Track.named("drums")
    band = NoteTable.of(
        [Note(0.5 + i, 1.0 + i, 60, track=Track.named("guitar")) for i in range(50)]
        + [Note(0.1, 0.2, 36, track=drums)]
    )
    assert drums in tidied(band).tracks


def test_notes_of_which_it_is_not_sure_who_plays_are_somebodys():
    acts = heard(60, [(5, 40, 60, "guitar", 0.0)])
    acts.values["family"][:] = 1 / len(FAMILIES)
    (note,), _ = decode(acts, DecodingSettings())
    assert note.track == SOMEBODY
