import math

import numpy as np
import pytest
import soundfile
import torch

from amtstudio.decoding import Activations, DecodingSettings
from amtstudio.features import FrameGrid
from amtstudio.learning.expression import NO_FAMILY, expression_losses, render_expression
from amtstudio.models import ModelCard
from amtstudio.models.checkpoint import save_checkpoint
from amtstudio.models.melodic import FAMILIES, MELODIC_HEADS, Melodic, MelodicConfig
from amtstudio.models.piano import Piano, PianoConfig
from training.add_instruments import file_notes, refined_pitch, trimmed
from training.evaluate_melodic import FractionalNotes, read_fractional, score
from training.freezing import freeze_first_blocks
from training.melodic_hearing import notes_of
from training.synthesis.instrument_catalogue import (
    LIBRARIES,
    InstrumentSource,
    instrument_sources,
)
from training.warm_start import warm_start

GRID = FrameGrid(16000, 512)
SMALL = {"n_channels": 8, "n_windows": 1, "n_linked": 0, "n_further": 0, "knows_keys": False}


def test_the_heads_have_their_shapes():
    model = Melodic(MelodicConfig(**SMALL)).eval()
    audio = torch.zeros(2, 4 * 512 + 2 * model.margin)
    with torch.inference_mode():
        out = model(audio, torch.full((2, 5), 0.1))
    assert sorted(out) == ["bend", "family", "frame", "offset", "onset", "velocity"]
    assert out["bend"].shape == out["onset"].shape == (2, 5, 88)
    assert out["family"].shape == (2, 5, 88, len(FAMILIES))


def test_it_starts_from_the_pianos_weights_and_then_hears_the_same_notes(tmp_path):
    torch.manual_seed(4)
    piano = Piano(PianoConfig(**SMALL)).eval()
    card = ModelCard(
        name="small",
        model="piano",
        config=SMALL,
        sample_rate=16000,
        hop_length=512,
        thresholds={"onset": 0.4, "frame": 0.4},
        licence="MIT",
        data=(),
    )
    save_checkpoint(tmp_path / "small.safetensors", piano, card)
    model = Melodic(MelodicConfig(**SMALL, dereverberates=False)).eval()
    assert warm_start(model, tmp_path / "small.safetensors") == []
    audio = 0.1 * torch.randn(1, 9 * 512 + 2 * model.margin)
    level = torch.full((1, 10), 0.1)
    with torch.inference_mode():
        one, other = piano(audio, level), model(audio, level)
    for head in ("onset", "offset", "frame", "velocity"):
        torch.testing.assert_close(one[head], other[head])


def test_contours_are_drawn_where_their_notes_sound():
    frame_s = 512 / 16000
    notes = np.array([[2 * frame_s, 5 * frame_s, 60.0, 80.0], [0.0, frame_s, 64.0, 80.0]])
    curve = np.linspace(0.0, 1.0, 101)  # up by a semitone in a second
    bend, family = render_expression(
        notes, [curve, np.zeros(0)], np.array([6, 1]), GRID, 10, control_hz=100.0
    )
    sounding = np.flatnonzero(family[:, 60 - 21] == 6)
    np.testing.assert_array_equal(sounding, [2, 3, 4, 5])
    np.testing.assert_allclose(bend[2:6, 39], np.arange(4) * frame_s, atol=1e-6)
    assert np.isnan(bend[:, 64 - 21]).all()  # its contour is not known
    assert family[0, 64 - 21] == 1
    assert (family[:, 10] == NO_FAMILY).all()


def test_losses_by_hand():
    bend = torch.full((1, 2, 88), torch.nan)
    family = torch.full((1, 2, 88), NO_FAMILY)
    bend[0, 0, 3], bend[0, 1, 3] = 0.1, 1.0
    family[0, 0, 3] = 4
    logits = {"bend": torch.zeros(1, 2, 88), "family": torch.zeros(1, 2, 88, 9)}
    losses = expression_losses(logits, {"bend": bend, "family": family})
    # Huber: 0.1^2 / 2 and 0.2 (1.0 - 0.1).
    assert float(losses["bend"]) == pytest.approx((0.005 + 0.18) / 2)
    assert float(losses["family"]) == pytest.approx(math.log(9))
    nothing = {"bend": torch.full_like(bend, torch.nan), "family": torch.full_like(family, -1)}
    assert {float(loss) for loss in expression_losses(logits, nothing).values()} == {0.0}


def sine(pitch, seconds, rise_s=0.002):
    times = np.arange(round(seconds * 16000)) / 16000
    f0 = 440.0 * 2 ** ((pitch - 69) / 12)
    wave = sum(np.sin(2 * np.pi * f0 * k * times) / k for k in (1, 2, 3))
    return (0.2 * wave * np.clip(times / rise_s, 0, 1)).astype(np.float32)


@pytest.mark.parametrize("pitch", [43.11, 60.37, 81.8])
def test_the_pitch_of_a_note_is_told_to_some_cents(pitch):
    assert refined_pitch(sine(pitch, 1.0), 0.0, round(pitch)) == pytest.approx(pitch, abs=0.03)


@pytest.mark.parametrize("rise_s", [0.002, 0.4])
def test_a_slow_note_begins_where_it_is_heard(rise_s):
    sound = np.concatenate([np.zeros(8000, np.float32), sine(60, 2.0, rise_s)])
    cut, attack = trimmed(sound)
    at = round(attack * 16000)
    windows = np.lib.stride_tricks.sliding_window_view(sound, 100)
    begun = int(np.argmin(np.abs(windows - cut[at : at + 100]).sum(axis=1))) / 16000 - 0.5
    # An eighth of the level is reached an eighth of the way up.
    assert begun == pytest.approx(0.125 * rise_s, abs=0.02)


def test_a_library_that_is_named_an_octave_off_is_put_right(tmp_path):
    for name, pitch in (("c3", 60), ("e3", 64), ("g3", 67), ("a3", 61.5)):
        soundfile.write(tmp_path / f"note_{name}.wav", sine(pitch, 1.0), 16000)
    source = InstrumentSource("x", "tonejs", "*", "strings", "bowed", 55, 80)
    notes = file_notes(sorted(tmp_path.glob("*.wav")), source)
    # The last is none of the octaves of an A and is left out.
    assert sorted(round(note.pitch, 1) for note in notes) == [60.0, 64.0, 67.0]


def test_only_free_libraries_train_and_none_is_on_both_sides():
    train = [lib for lib in LIBRARIES.values() if lib.role == "train"]
    for entry in train:
        assert not any(word in entry.licence for word in ("GPL", "SA", "NC", "ND"))
    names = {source.name for source in instrument_sources()}
    assert len(names) == len(instrument_sources())
    held_out = {lib.folder for lib in LIBRARIES.values() if lib.role == "held_out"}
    shared = held_out & {lib.folder for lib in train}
    places = {
        role: {
            (LIBRARIES[s.collection].folder, s.place)
            for s in instrument_sources()
            if LIBRARIES[s.collection].role == role
        }
        for role in ("train", "held_out")
    }
    assert not places["train"] & places["held_out"]
    assert shared == {"forbidden-music/public/audio/chromatic", "keyboardia/app/public/instruments"}


def notes(*rows):
    array = np.array(rows, dtype=float)
    return FractionalNotes(array[:, :2], array[:, 2])


def test_fractional_pitches_match_within_fifty_cents():
    reference = notes((0.0, 0.5, 60.0), (1.0, 1.5, 64.5))
    estimate = notes((0.01, 0.5, 60.3), (1.01, 1.5, 64.1))
    assert score(reference, estimate)["F50"] == pytest.approx(1.0)
    off = notes((0.01, 0.5, 60.6), (1.01, 1.5, 64.1))
    assert score(reference, off)["F50"] == pytest.approx(0.5)


def test_octave_errors_are_counted_by_themselves():
    reference = notes((0.0, 0.5, 60.0), (1.0, 1.5, 64.0), (2.0, 2.5, 55.0))
    estimate = notes((0.0, 0.5, 72.0), (1.0, 1.5, 64.0), (2.0, 2.5, 60.0), (1.0, 1.5, 76.0))
    # 72 stands for 60; 76 is a ghost above a note that was found; 60 is a fourth off.
    assert score(reference, estimate)["octave"] == pytest.approx(0.25)


def test_truth_with_fractions_is_read(tmp_path):
    path = tmp_path / "a.notes.csv"
    path.write_text(
        "onset_s,offset_s,midi_pitch,velocity,instrument\n0.5,0.9,60.25,,voice\n0.1,,36,,KD\n"
    )
    read = read_fractional(path)
    np.testing.assert_allclose(read.intervals, [[0.5, 0.9]])
    assert not read.are_whole


def test_heard_notes_have_the_bend_and_family_of_their_frames():
    onset, frame = np.zeros((40, 88)), np.zeros((40, 88))
    onset[10, 39], frame[10:30, 39] = 1.0, 0.9
    values = {"onset": onset, "frame": frame, "offset": np.zeros((40, 88))}
    values |= {"velocity": np.full((40, 88), 0.6), "bend": np.full((40, 88), 0.5)}
    values["bend"][10:31, 39] -= 0.31 / 8.0  # four semitones to either side
    values["family"] = np.full((40, 88, 9), 0.05)
    values["family"][:, 39, 6] = 0.6
    # The recording is 20 cents sharp, and was heard in tune.
    activations = Activations(MELODIC_HEADS, values, GRID.retuned(20.0))
    (note,) = notes_of(activations, DecodingSettings())
    assert note.pitch == pytest.approx(60 - 0.31 + 0.2, abs=1e-3)
    assert FAMILIES[note.family] == "voice"


def test_frozen_blocks_stay_as_they_are_and_the_others_learn():
    torch.manual_seed(2)
    model = Melodic(MelodicConfig(**{**SMALL, "knows_keys": True, "n_linked": 2})).train()
    freeze_first_blocks(model, 5)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=0.1)
    audio = 0.1 * torch.randn(2, 9 * 512 + 2 * model.margin)
    out = model(audio, torch.full((2, 10), 0.1))
    torch.autograd.backward(sum(value.square().mean() for value in out.values()))
    optimizer.step()
    changed = {name for name, value in model.state_dict().items() if not value.equal(before[name])}
    assert {"head.weight", "blocks.5.0.weight", "blocks.10.1.running_mean"} <= changed
    assert not any(name.startswith(("stem.", "blocks.4.", "blocks.0.")) for name in changed)
    with pytest.raises(ValueError, match="cannot freeze 12 blocks"):
        freeze_first_blocks(model, 12)
