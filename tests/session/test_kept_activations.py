"""What the model heard, kept with the project: the same notes come out of it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from piano_activations import piano_activations

from amtstudio.decoding import Activations, DecodingSettings, DrumSettings, decode
from amtstudio.decoding.drum_patterns import PatternWeights
from amtstudio.features import FrameGrid
from amtstudio.session import Document, KeptActivations
from amtstudio.session.rows import sealed
from amtstudio.symbolic import Note, Transcription
from amtstudio.symbolic.drums import DRUMS, KIT
from amtstudio.symbolic.heads import Drums, Head, HeadKind

GRID = FrameGrid(16000, 512)
TRANSCRIPTION = Transcription((Note(0.5, 1.0, 60, 80),), duration=10.0, file="take.wav", model="m")


def heard(n_frames: int = 5000, *, first_frame: int = 0, pedal: bool = True) -> Activations:
    """Mostly near silence, as of a model, with peaks of every height; half precision."""
    rng = np.random.default_rng(3)
    onset, offset = (rng.beta(0.12, 60.0, (n_frames, 88)) for _ in range(2))
    for head in (onset, offset):
        at = rng.random(head.shape) < 0.004
        head[at] = rng.random(np.count_nonzero(at))
        head[1:][at[:-1]] = rng.random(np.count_nonzero(at[:-1])) * 0.5
    frame = np.repeat(rng.beta(0.2, 1.5, (n_frames // 20 + 1, 88)), 20, axis=0)[:n_frames]
    velocity = rng.random((n_frames, 88))
    heads = [head.astype(np.float16) for head in (onset, offset, frame, velocity)]
    pressed = rng.random(n_frames).astype(np.float16) if pedal else None
    return piano_activations(*heads, pedal=pressed, grid=GRID, first_frame=first_frame)


@pytest.mark.parametrize("onset_threshold", [0.05, 0.08, 0.3, 0.47, 0.9])
@pytest.mark.parametrize("pedal", [True, False])
def test_the_very_same_notes_are_decoded_from_it(onset_threshold, pedal):
    # 5000 frames are more than two rows: peaks also lie at their borders.
    activations = heard(first_frame=700, pedal=pedal)
    settings = DecodingSettings(
        onset_threshold=onset_threshold, frame_threshold=0.4, offset_threshold=0.14
    )
    kept = KeptActivations.of(activations, start=22.4)
    again = kept.unpack()
    assert len(kept.rows) == 3
    assert again.first_frame == 700
    assert again.grid == GRID
    notes, pedals = decode(activations, settings)
    notes_again, pedals_again = decode(again, settings)
    assert len(notes) > 500
    assert pedals_again == pedals
    assert [n.onset for n in notes_again] == [n.onset for n in notes]
    assert [n.offset for n in notes_again] == [n.offset for n in notes]
    assert [(n.pitch, n.velocity) for n in notes_again] == [(n.pitch, n.velocity) for n in notes]
    # The mean over the frames of a note misses those below the floor.
    confidence = [n.confidence for n in notes_again]
    np.testing.assert_allclose(confidence, [n.confidence for n in notes], atol=0.01)


def test_what_is_nowhere_near_a_note_is_left_out():
    activations = heard(400)
    kept = KeptActivations.of(activations).unpack()
    low = activations["onset"] < 0.02
    assert np.all(kept["onset"][~low] == activations["onset"][~low].astype(np.float32))
    assert np.count_nonzero(kept["onset"]) < 0.5 * np.count_nonzero(activations["onset"])
    quiet = activations["frame"] < 0.004
    assert np.count_nonzero(kept["frame"][quiet]) < 0.5 * np.count_nonzero(
        activations["frame"][quiet]
    )


def test_a_project_brings_it_back_and_a_copy_has_it_too(tmp_path: Path):
    activations = heard(3000)
    kept = KeptActivations.of(activations, start=1.0, end=97.0)
    path, copy = tmp_path / "one.amts", tmp_path / "two.amts"
    with Document.create() as project:
        project.replace_transcription(TRANSCRIPTION, activations=kept)
        project.save_as(path)
    with Document.open(path) as project:
        assert project.activations == {"m": kept}
        assert (project.activations["m"].start, project.activations["m"].end) == (1.0, 97.0)
        project.save_as(copy)
    with Document.open(copy) as project:
        again = project.activations["m"].unpack()
        np.testing.assert_array_equal(again["onset"], kept.unpack()["onset"])


def test_another_transcription_puts_its_own_in_place_and_a_moved_threshold_none(tmp_path: Path):
    first, second = KeptActivations.of(heard(5000)), KeptActivations.of(heard(300))
    path = tmp_path / "one.amts"
    with Document.create() as project:
        project.replace_transcription(TRANSCRIPTION, activations=first)
        project.replace_transcription(replace(TRANSCRIPTION, notes=()))
        assert project.activations == {"m": first}
        # Also where the notes are the same as before.
        project.replace_transcription(replace(TRANSCRIPTION, notes=()), activations=second)
        assert project.activations == {"m": second}
        project.save_as(path)
    with Document.open(path) as project:
        assert project.activations == {"m": second}
        project.replace_transcription(TRANSCRIPTION, activations=KeptActivations(()))
    with Document.open(path) as project:
        assert project.activations == {}


def names_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute("SELECT count(DISTINCT heard) FROM activation").fetchone()
    return count


def test_undoing_a_transcription_brings_back_what_was_heard_before(tmp_path: Path):
    path = tmp_path / "one.amts"
    first, second, third = (KeptActivations.of(heard(300 + n)) for n in range(3))
    with Document.create() as project:
        project.replace_transcription(TRANSCRIPTION, activations=first)
        project.replace_transcription(replace(TRANSCRIPTION, model="n"), activations=second)
        project.save_as(path)
    with Document.open(path) as project:
        project.undo()
        assert project.activations == {"m": first}
        project.redo()
        assert project.activations == {"n": second}
        # A model of the same name that hears something else, as with another profile.
        project.replace_transcription(replace(TRANSCRIPTION, model="n"), activations=third)
        assert project.activations == {"n": third}
        project.undo()
        assert project.activations == {"n": second}
        project.undo()  # of what was heard, only the latest and the one before it are kept
        assert project.activations == {}
    assert names_in(path) == 2


def test_what_was_heard_before_goes_where_there_is_no_room_for_it(monkeypatch: pytest.MonkeyPatch):
    first, second = (KeptActivations.of(heard(300 + n)) for n in range(2))
    room = first.n_bytes + second.n_bytes
    for limit, before in ((room, {"m": first}), (room - 1, {})):
        monkeypatch.setattr("amtstudio.session.edited_notes.MAX_HEARD_BYTES", limit)
        with Document.create() as project:
            project.replace_transcription(TRANSCRIPTION, activations=first)
            project.replace_transcription(TRANSCRIPTION, activations=second)
            assert project.activations == {"m": second}
            project.undo()
            assert project.activations == before
            project.discard()


def two_models(path: Path) -> tuple[KeptActivations, KeptActivations]:
    pitched, hits = KeptActivations.of(heard(5000)), KeptActivations.of(heard(3000, pedal=False))
    settings = {"m": DecodingSettings(onset_threshold=0.2), "d": DecodingSettings()}
    with Document.create() as project:
        project.replace_transcription(
            replace(TRANSCRIPTION, model="m+d"),
            settings=settings,
            activations={"m": pitched, "d": hits},
        )
        project.save_as(path)
    return pitched, hits


def test_what_each_of_two_models_heard_is_kept_with_its_thresholds(tmp_path: Path):
    path, copy = tmp_path / "one.amts", tmp_path / "two.amts"
    pitched, hits = two_models(path)
    moved = DecodingSettings(onset_threshold=0.7)
    with Document.open(path) as project:
        project.replace_transcription(
            replace(TRANSCRIPTION, model="m+d"), settings={"d": moved}, text="Change Thresholds"
        )
        assert project.activations == {"m": pitched, "d": hits}
        project.save_as(copy)
    with Document.open(copy) as project:
        assert project.activations == {"m": pitched, "d": hits}
        assert project.source.settings_of("m").onset_threshold == 0.2
        assert project.source.settings_of("d") == moved
        project.undo()
        assert project.source.settings_of("d") == DecodingSettings()
        assert project.source.settings_of("m").onset_threshold == 0.2


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM activation WHERE heard = '{}'",
        "UPDATE activation SET heard = 'x' WHERE heard = '{}'",
    ],
)
def test_a_project_whose_second_set_is_missing_opens_as_well(tmp_path: Path, damage: str):
    path = tmp_path / "one.amts"
    pitched, hits = two_models(path)
    _change(path, damage.format(hits.name))
    with Document.open(path) as project:
        assert project.activations == {"m": pitched}
        assert not project.is_read_only
        assert project.problems == ()
        # Heard again, it is kept again.
        project.replace_transcription(
            replace(TRANSCRIPTION, model="m+d"), activations={"m": pitched, "d": hits}
        )
        assert project.activations == {"m": pitched, "d": hits}


def _change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM activation WHERE first_frame = 2048",
        "UPDATE activation SET n_frames = 7 WHERE first_frame = 0",
        "UPDATE activation SET data = zeroblob(40) WHERE first_frame = 2048",
        "UPDATE activation SET data = 'text', sample_rate = 'fast'",
    ],
)
def test_what_is_damaged_of_it_counts_as_not_there_and_the_notes_stay_open(
    tmp_path: Path, damage: str
):
    path = tmp_path / "one.amts"
    with Document.create() as project:
        project.replace_transcription(TRANSCRIPTION, activations=KeptActivations.of(heard()))
        project.save_as(path)
    _change(path, damage)
    with Document.open(path) as project:
        assert project.activations == {}
        assert not project.is_read_only
        assert project.transcription().notes == TRANSCRIPTION.notes


def test_values_that_are_no_probabilities_are_refused():
    activations = heard(100)
    too_high = {"frame": activations["frame"] + np.float16(1.0)}
    bad = replace(activations, values={**activations.values, **too_high})
    assert KeptActivations.of(bad).unpack() is None
    assert KeptActivations(()).unpack() is None


def test_a_project_of_the_first_version_opens_without_it_and_gets_it(tmp_path: Path):
    path = tmp_path / "one.amts"
    shutil.copyfile(Path(__file__).parent / "projects" / "format_2.amts", path)
    _change(path, "DROP TABLE activation", "PRAGMA user_version = 1")
    with Document.open(path) as project:
        assert project.activations == {}
        assert not project.is_read_only
        assert len(project.transcription().notes) == 9
        kept = KeptActivations.of(heard(200))
        project.replace_transcription(replace(TRANSCRIPTION, notes=()), activations=kept)
    with Document.open(path) as project:
        assert project.activations == {"m": kept}


def test_activations_that_would_fill_the_memory_are_not_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("amtstudio.session.kept_activations._MOST_FRAMES", 99)
    assert KeptActivations.of(heard(100)).rows == ()
    assert len(KeptActivations.of(heard(99)).rows) == 1


def test_heads_of_any_model_are_kept_with_what_they_run_along():
    rng = np.random.default_rng(5)
    kit = Drums(("kick", "snare", "ride"), (36, 38, 51))
    heads = (
        Head("hit", HeadKind.EVENT, kit),
        Head("strength", HeadKind.VALUE, kit, where="hit"),
        Head("player", HeadKind.CLASS, kit, where="hit", classes=("one", "two")),
        Head("music", HeadKind.SOUND, None),
    )
    shapes = {head.name: head.shape(3000) for head in heads}
    values = {name: rng.random(shape).astype(np.float16) for name, shape in shapes.items()}
    hit = np.where(rng.random((3000, 3)) < 0.01, 0.9, 0.0)
    values["hit"] = hit.astype(np.float16)
    heard = Activations(heads, values, GRID, 40, "hits")
    again = KeptActivations.of(heard).unpack()
    assert (again.heads, again.decoder, again.first_frame) == (heads, "hits", 40)
    for name in ("hit", "music"):
        np.testing.assert_array_equal(again[name], values[name].astype(np.float32))
    at = hit > 0
    for name in ("strength", "player"):
        np.testing.assert_array_equal(again[name][at], values[name][at].astype(np.float32))
        # Far from every hit nothing is looked at.
        assert np.count_nonzero(again[name]) < 0.3 * again[name].size


def test_the_very_same_hits_are_decoded_from_it_where_drums_repeat():
    rng = np.random.default_rng(9)
    bar = rng.beta(0.2, 30.0, (200, len(DRUMS)))
    at = rng.random(bar.shape) < 0.01
    bar[at] = rng.random(np.count_nonzero(at)) * 0.5
    onset = np.tile(bar, (16, 1)) * rng.uniform(0.3, 1.5, (3200, len(DRUMS)))
    values = {"onset": onset.clip(0.0, 1.0), "velocity": rng.random(onset.shape)}
    heads = (
        Head("onset", HeadKind.EVENT, KIT),
        Head("velocity", HeadKind.VALUE, KIT, where="onset"),
    )
    values = {name: head.astype(np.float16) for name, head in values.items()}
    heard = Activations(heads, values, FrameGrid(32000, 320), 0, "drums")
    again = KeptActivations.of(heard).unpack()
    for threshold in (0.05, 0.2, 0.5):
        settings = DrumSettings(
            (threshold,) * len(DRUMS), patterns=PatternWeights((1.5,) * len(DRUMS))
        )
        hits = decode(heard, settings)[0]
        assert len(hits) > 100
        assert list(decode(again, settings)[0]) == list(hits)
    assert np.count_nonzero(again["velocity"]) < 0.9 * again["velocity"].size


@pytest.mark.parametrize(
    "told",
    [
        "no JSON",
        '{"decoder": "notes"}',
        '{"decoder": 3, "heads": [{"name": "a", "kind": "sound"}]}',
        '{"decoder": "notes", "heads": [{"name": "a", "kind": "smell"}]}',
        '{"decoder": "notes", "heads": [{"name": "a", "kind": "value", "where": "b"}]}',
        '{"decoder": "notes", "heads": [{"name": "a", "kind": "event", "pitches": [0, 4000]}]}',
        '{"decoder": "notes", "heads": []}',
    ],
)
def test_heads_that_no_model_has_count_as_damage(told: str):
    row = list(KeptActivations.of(heard(100)).rows[0])
    assert KeptActivations.from_rows([sealed(tuple(row[:-1]))]) is not None
    row[2] = told
    assert KeptActivations.from_rows([sealed(tuple(row[:-1]))]) is None
