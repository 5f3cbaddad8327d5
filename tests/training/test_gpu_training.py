"""Training from a pack, rehearsed on the CPU at the size of a toy."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from shared_material import ROOT

from amtstudio.features import FrameGrid, hop_energies, running_level
from amtstudio.learning.rooms import load_rooms
from amtstudio.models.checkpoint import load_model
from training.gpu import pack
from training.gpu.planning import SETTINGS, STRING, Odds, PlannedClips, Planner, together
from training.gpu.rendering import ClipRenderer
from training.gpu.train import GpuRun, _parse
from training.synthesis.clips import render
from training.synthesis.dataset import Material
from training.synthesis.performance import LEAD_S, Performance
from training.synthesis.piano_bank import SAMPLE_RATE, load_bank
from training.synthesis.playing import PianoVariation, draw_playing

N_FRAMES = 96  # 3 s
GRID = FrameGrid()
MARGIN = 3072
NEVER = Odds(**dict.fromkeys(vars(Odds()), 0.0))


@pytest.fixture(scope="module")
def packed(material_root, material_cache, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    pack.main([str(material_root), str(folder), "--cache", str(material_cache)])
    return folder


@pytest.fixture(scope="module")
def planner(packed):
    return Planner(
        pianos=pack.read_pianos(packed),
        repertoire=pack.read_repertoire(packed),
        n_recorded_rooms=1,
        grid=GRID,
        n_frames=N_FRAMES,
        dereverberates=True,
    )


@pytest.fixture(scope="module")
def renderer(packed, planner):
    return ClipRenderer(
        planner.pianos,
        pack.read_rooms(packed),
        grid=GRID,
        n_frames=N_FRAMES,
        margin=MARGIN,
        device=torch.device("cpu"),
        seed=1,
        n_simulated=2,
        n_stringings=2,
    )


def test_a_pack_holds_the_training_material(packed, planner, material_root, material_cache):
    assert [piano.name for piano in planner.pianos] == ["first"]
    (piano,) = planner.pianos
    bank = load_bank(material_root / "pianos/first", material_cache)
    for pitch, velocity in ((60, 40.0), (96, 100.0)):
        recorded, gain = bank.note(pitch, velocity)
        rows, gains = piano.nearest(np.array([pitch]), np.array([velocity]))
        found = piano.samples[piano.starts[rows[0]] :][: piano.lengths[rows[0]]]
        assert len(found) == len(recorded)
        error = np.std(found - recorded) / np.std(recorded)
        assert error < 0.1
        assert gains[0] == pytest.approx(gain)
    (room,) = pack.read_rooms(packed)
    np.testing.assert_allclose(room, load_rooms(material_root / "rir")[0], atol=1e-4)
    expected = Material(material_root, material_cache).repertoire(validation=False)
    for kind in ("played", "scores", "solos"):
        pieces = getattr(planner.repertoire, kind)
        assert pieces
        assert len(pieces) == len(getattr(expected, kind))
        for piece, whole in zip(pieces, getattr(expected, kind), strict=True):
            np.testing.assert_allclose(piece.notes, whole.notes, atol=0.05)
            np.testing.assert_allclose(piece.pedals, whole.pedals, atol=0.05)


def test_a_pack_that_does_not_fit_is_refused(material_root, material_cache, tmp_path):
    words = [str(material_root), str(tmp_path), "--cache", str(material_cache)]
    with pytest.raises(ValueError, match="leave out a piano"):
        pack.main([*words, "--megabytes", "0.01"])


def test_strings_sound_as_the_other_synthesiser_has_them(
    planner, renderer, material_root, material_cache
):
    bank = load_bank(material_root / "pianos/first", material_cache)
    # Keys that were recorded, on whole samples: nothing is between the samples for either.
    notes = np.array(
        [[0.5, 0.75, 0.75, 60, 100.0], [0.5, 1.5, 1.5, 72, 50.0], [-1.0, 2.0, 2.0, 96, 90.0]]
    )
    played = Performance(notes, np.zeros((0, 2)))
    varied = PianoVariation(decay=0.5, hardness=0.4)
    playing = draw_playing(played, np.random.default_rng(3), variation=varied)
    expected = render(playing, bank, planner.n_samples)
    strings = torch.from_numpy(planner._strings(playing, 0, 0.0))
    (found,) = renderer.struck(strings, 1).numpy()
    start = round(LEAD_S * SAMPLE_RATE)
    assert np.std(expected[start:]) > 0.01
    # What Vorbis took away is left.
    assert np.std(found - expected) < 0.1 * np.std(expected)


def test_a_string_out_of_tune_sounds_at_its_pitch_and_on_time(planner, renderer):
    notes = np.array([[0.5, 2.5, 2.5, 69, 100.0]])
    playing = draw_playing(Performance(notes, np.zeros((0, 2))), np.random.default_rng(3))
    strings = torch.from_numpy(planner._strings(playing, 0, 30.0))
    (sound,) = renderer.struck(strings, 1).numpy()
    onset = round((LEAD_S + 0.5) * SAMPLE_RATE)
    part = sound[onset + 800 : onset + 16800]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 2**19))
    frequency = np.argmax(spectrum) * SAMPLE_RATE / 2**19
    assert 1200 * np.log2(frequency / 440.0) == pytest.approx(30.0, abs=1.0)
    loud = np.flatnonzero(np.abs(sound) > 0.3 * np.abs(sound).max())
    assert loud[0] == pytest.approx(onset, abs=24)


def test_rendered_clips_have_the_form_of_the_others(planner, renderer):
    plans = [planner.plan(np.random.default_rng(seed)) for seed in range(4)]
    batch = renderer.render(together(plans))
    assert batch["audio"].shape == (4, (N_FRAMES - 1) * GRID.hop_length + 2 * MARGIN)
    assert batch["level"].shape == (4, N_FRAMES)
    assert batch["onset"].shape == (4, N_FRAMES, 88)
    assert batch["pedal"].shape == (4, N_FRAMES)
    for audio, level, plan in zip(batch["audio"], batch["level"], plans, strict=True):
        assert torch.isfinite(audio).all()
        inside = audio[MARGIN : MARGIN + N_FRAMES * GRID.hop_length].numpy()
        energies = hop_energies(inside, GRID.hop_length)
        expected = running_level(energies, GRID.hop_length, GRID.sample_rate)
        np.testing.assert_allclose(level, expected, rtol=1e-4)
        assert "onset" in plan.targets


def test_everything_that_can_befall_a_recording_changes_it(planner, renderer):
    def rendered(**odds):
        chosen = replace(planner, odds=replace(NEVER, **odds))
        plans = []
        for seed in range(2):
            plan = chosen.plan(np.random.default_rng(seed))
            # The same music, and next to no noise.
            plan.strings = quiet[seed].strings
            plan.equaliser[:] = 1.0
            plan.settings[SETTINGS.index("noise_db")] = 120.0
            plan.settings[SETTINGS.index("level_db")] = -20.0
            plan.pedal[:] = 1.0
            plans.append(plan)
        return renderer.render(together(plans))["audio"]

    quiet = [replace(planner, odds=NEVER).plan(np.random.default_rng(seed)) for seed in range(2)]
    plain = rendered()
    torch.testing.assert_close(rendered(), plain, rtol=0.0, atol=1e-5)
    for name in ("resonant", "room", "compressed", "hum", "clipped", "dereverberated"):
        changed = rendered(**{name: 1.0})
        assert torch.isfinite(changed).all()
        assert float((changed - plain).std() / plain.std()) > 0.003, name


def test_plans_are_numbered(planner):
    clips = PlannedClips(planner, seed=5)
    first, again, other = clips[3], clips[3], clips[4]
    np.testing.assert_array_equal(first.strings, again.strings)
    assert first.strings.shape[1] == len(STRING)
    assert not np.array_equal(first.settings, other.settings, equal_nan=True)


def toy(output, *words):
    settings = {"n_channels": 4, "n_linked": 2, "n_further": 0, "context_width": 16}
    options = [word for key, value in settings.items() for word in ("--config", f"{key}={value}")]
    return ["--device", "cpu", "--batch-size", "2", "--n-frames", "64", *options, *words]


def test_a_run_from_a_pack_leaves_a_model_file_and_goes_on(packed, tmp_path):
    words = toy(tmp_path, "--steps", "2", "--workers", "0")
    _, config = _parse([str(packed), str(tmp_path), *words])
    GpuRun(config, packed, n_simulated_rooms=2).train()
    model, card = load_model(tmp_path / "piano_large.safetensors")
    assert (card.model, card.training["step"]) == ("piano_large", 2)
    assert model.heads[0].name == "onset"
    again = GpuRun(replace(config, steps=3), packed, n_simulated_rooms=2)
    assert again.progress.step == 2
    again.train()
    assert load_model(tmp_path / "piano_large.safetensors")[1].training["step"] == 3


def test_the_command_needs_no_more_than_it_says(packed, tmp_path):
    """What reads MIDI, video, scores and windows may be missing where a GPU is."""
    words = [str(packed), str(tmp_path), *toy(tmp_path, "--steps", "0", "--workers", "0")]
    code = (
        "import sys, json\n"
        "from training.gpu.train import main\n"
        f"main({words!r})\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert {"torch", "soundfile", "safetensors"} <= loaded
    assert loaded.isdisjoint({"av", "pretty_midi", "mido", "PySide6", "mir_eval", "sounddevice"})
