"""The experiments on transfer from end to end, at the size of a toy."""

import json
import sys
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from amtstudio.errors import AmtStudioError, InputNotFoundError
from amtstudio.formats import write_transcription
from amtstudio.learning.train_state import read_tensors
from amtstudio.models.checkpoint import load_model
from amtstudio.symbolic import Note, Transcription
from training import transfer
from training.presets import UNET_BILSTM
from training.synthesis.dataset import Material
from training.synthesis.piano_bank import ATTACK_S, SAMPLE_RATE
from training.transfer import STAGES, Experiment, Stage, TransferRun
from training.transfer_figure import CurvePoint, draw_curves
from training.transfer_material import (
    ClipCounts,
    Instruments,
    _for_guitar,
    folder_domain,
    guitar_bank,
    plucked_bank,
    rendered_domain,
)
from training.truth import read_truth

RATE = 16000


def write_recordings(folder, names, pitch):
    folder.mkdir(parents=True, exist_ok=True)
    times = np.arange(RATE) / RATE
    for index, name in enumerate(names):
        tone = pitch + 2 * index
        sound = np.where(times > 0.25, np.sin(2 * np.pi * 440 * 2 ** ((tone - 69) / 12) * times), 0)
        soundfile.write(folder / f"{name}.wav", 0.1 * sound, RATE)
        truth = Transcription((Note(0.25, 0.9, tone),))
        write_transcription(truth, folder / f"{name}.notes.csv", format_name="csv")
    return folder


@pytest.fixture
def folders(tmp_path):
    return {
        name: write_recordings(tmp_path / name, "abc", pitch)
        for name, pitch in (("synth", 60), ("piano", 50), ("guitar", 70))
    }


@pytest.fixture
def config():
    return replace(
        UNET_BILSTM,
        model_config={"spectrogram": "mel", "n_channels": 2, "n_mels": 16},
        n_frames=16,
        batch_size=2,
        steps=2,
    )


@pytest.fixture
def experiment(tmp_path, folders, config):
    domains = {name: folder_domain(name, folder) for name, folder in folders.items()}

    def build(name="run", **options):
        return Experiment(
            tmp_path / name, config, domains, **{"transfer_steps": 2, "every": 1} | options
        )

    return build


def parts(domain):
    return [
        {piece.title for piece in part} for part in (domain.train, domain.validation, domain.test)
    ]


def test_a_plain_folder_is_split_by_title_and_always_alike(tmp_path):
    folder = write_recordings(tmp_path / "takes", [f"take{number}" for number in range(12)], 60)
    domain = folder_domain("piano", folder)
    assert [len(part) for part in parts(domain)] == [10, 1, 1]
    assert len(set.union(*parts(domain))) == 12
    assert folder_domain("piano", folder) == domain


def test_music_that_is_held_out_is_held_out_in_all_its_recordings(tmp_path, write_recording):
    for group in ("AkPnBcht", "SptkBGAm"):
        for title in "abcd":
            write_recording(tmp_path / group / f"MAPS_MUS-{title}_{group}.wav")
    write_recording(tmp_path / "ENSTDkCl" / "MAPS_MUS-e_ENSTDkCl.wav")
    domain = folder_domain("piano", tmp_path)
    train, validation, test = parts(domain)
    assert test == {"e"}
    assert (len(train), len(validation)) == (3, 1)
    assert not train & validation
    assert len(domain.validation) == 2  # both groups


def test_too_little_music_is_refused(tmp_path):
    folder = write_recordings(tmp_path / "takes", "ab", 60)
    with pytest.raises(InputNotFoundError, match="no music for the validation part of guitar"):
        folder_domain("guitar", folder)


def test_the_stages_are_those_of_the_paper_with_and_without_freezing():
    names = [stage.name for stage in STAGES]
    assert names[:7] == [
        *("synth", "piano", "guitar"),
        *("synth-piano", "synth-guitar", "guitar-piano", "piano-guitar"),
    ]
    assert names[7:] == [f"{name}-frozen" for name in names[3:7]]
    assert STAGES[-1].label == "piano → guitar, frozen"


def test_a_transfer_begins_with_the_weights_of_its_source(experiment, config, tmp_path):
    trial = experiment()
    assert trial.train(Stage("synth"))
    stage = Stage("piano", "synth")
    run_config = trial._stage_config(stage, 0)
    (tmp_path / "run" / "synth-piano").mkdir()
    run = TransferRun(run_config, folder_domain("piano", tmp_path / "piano").train)
    source, card = load_model(tmp_path / "run/synth/model.safetensors")
    assert (card.decoder, card.training["steps"]) == ("frame_runs", 2)
    for name, value in source.state_dict().items():
        if value.is_floating_point():
            np.testing.assert_array_equal(run.model.state_dict()[name], value)


def test_a_frozen_encoder_is_that_of_the_source_and_the_rest_is_not(experiment, tmp_path):
    trial = experiment()
    assert trial.train(Stage("synth"))
    assert trial.train(Stage("piano", "synth", is_frozen=True))
    models = [
        load_model(tmp_path / "run" / name / "model.safetensors")[0].state_dict()
        for name in ("synth", "synth-piano-frozen")
    ]
    # But for counters of batches, which nothing depends on.
    names = [name for name, value in models[0].items() if value.is_floating_point()]
    changed = {name for name in names if not np.array_equal(*(m[name] for m in models))}
    assert not {name for name in changed if name.startswith("transcriber.unet.encoder.")}
    assert {"transcriber.linear.weight", "transcriber.unet.decoder.draw.weight"} <= changed


@pytest.mark.parametrize("is_frozen", [False, True])
def test_a_stage_that_was_killed_goes_on_as_if_it_had_not_been(
    experiment, tmp_path, folders, is_frozen
):
    stage = Stage("piano", "synth", is_frozen)
    for name in ("whole", "parts"):
        assert experiment(name).train(Stage("synth"))
    assert experiment("whole").train(stage)
    # Killed after a step that nobody had looked at yet.
    trial = experiment("parts")
    (tmp_path / "parts" / stage.name).mkdir()
    pieces = folder_domain("piano", folders["piano"]).train
    TransferRun(trial._stage_config(stage, 1), pieces, is_frozen=is_frozen).train()
    assert trial.train(stage)
    for prefix in ("model.", "optimizer."):
        states = [
            read_tensors(tmp_path / name / stage.name / "state.safetensors", prefix)
            for name in ("whole", "parts")
        ]
        assert states[0].keys() == states[1].keys()
        for name, value in states[0].items():
            np.testing.assert_array_equal(states[1][name], value)
    last = [experiment(name).curve(stage)[-1] for name in ("whole", "parts")]
    assert last[0] == last[1]
    assert [point.step for point in experiment("whole").curve(stage)] == [0, 1, 2]


def test_looks_must_divide_the_steps(experiment):
    with pytest.raises(ValueError, match="every must divide 2 and 3"):
        experiment(transfer_steps=3, every=2)


def words(tmp_path, folders, *more):
    own = [word for name, folder in folders.items() for word in (f"--{name}", str(folder))]
    network = ["--preset", "unet_reconstruction_mel", "--channels", "2", "--config", "n_mels=16"]
    batches = ["--seconds", "0.5", "--batch-size", "1"]
    steps = ["--steps", "1", "--transfer-steps", "1", "--every", "1", "--threshold", "0.5"]
    return [str(tmp_path / "experiment"), *own, *network, *batches, *steps, *more]


def test_the_command_scores_every_stage_on_both_instruments(tmp_path, folders, capsys):
    pytest.importorskip("matplotlib", reason="needs the extra figures")
    assert transfer.main(words(tmp_path, folders)) == 0
    table = capsys.readouterr().out
    results = json.loads((tmp_path / "experiment/results.json").read_text())
    assert list(results) == [stage.label for stage in STAGES]
    for tests in results.values():
        assert {name: len(scores) for name, scores in tests.items()} == {"piano": 1, "guitar": 1}
    assert table.count("synth → piano, frozen") == 2
    picture = tmp_path / "experiment/curves.svg"
    assert "</svg>" in picture.read_text()
    # Once more with the same words: nothing is trained again, and the same comes out.
    state = tmp_path / "experiment/piano-guitar/state.safetensors"
    before = state.stat().st_mtime_ns
    assert transfer.main(words(tmp_path, folders)) == 0
    assert capsys.readouterr().out == table
    assert state.stat().st_mtime_ns == before
    assert transfer.main(words(tmp_path, folders, "--seed", "2")) != 0
    told = capsys.readouterr().err
    assert "other settings: --seed 1" in told
    assert "another folder" in told


def test_the_command_says_what_it_needs(tmp_path, folders, capsys):
    with pytest.raises(SystemExit):
        transfer.main([str(tmp_path / "out"), "--piano", str(folders["piano"])])
    assert "give --synth, --guitar, or --material" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        transfer.main(words(tmp_path, folders, "--every", "2"))
    assert "--every must divide" in capsys.readouterr().err


def points(*scores):
    return [
        CurvePoint(10 * step, score, score / 2, 0.0, 0.0, 0.5) for step, score in enumerate(scores)
    ]


def test_the_picture_names_targets_and_starts(tmp_path):
    pytest.importorskip("matplotlib", reason="needs the extra figures")
    curves = {
        "piano": {"random weights": points(0.1, 0.2), "synth": points(0.3, 0.4)},
        "guitar": {"synth": points(0.3, 0.5), "synth, frozen": points(0.3, 0.4)},
    }
    draw_curves(curves, tmp_path / "curves.svg")
    drawn = (tmp_path / "curves.svg").read_text()
    for text in ("piano", "guitar", "random weights", "synth, frozen", "note F1", "steps"):
        assert f"<!-- {text} -->" in drawn
    draw_curves(curves, tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(AmtStudioError, match=r"needs matplotlib \(install it with pip install"):
        draw_curves({"piano": {"synth": points(0.1)}}, tmp_path / "curves.svg")


def strongest(sound, sample_rate):
    """Frequency of the lowest strong partial, Hz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * len(sound)))
    strong = np.flatnonzero(spectrum > 0.3 * spectrum.max())
    lowest = strong[strong < 1.3 * strong[0]]
    return lowest[np.argmax(spectrum[lowest])] * sample_rate / (8 * len(sound))


@pytest.mark.parametrize("pitch", [40, 52, 67, 76])
def test_plucked_strings_are_in_tune_and_start_where_banks_do(material_cache, pitch):
    sound, _ = plucked_bank(material_cache).note(pitch, 80)
    attack = round(ATTACK_S * SAMPLE_RATE)
    assert np.abs(sound[: attack - 1]).max() < 0.1 * np.abs(sound).max()
    heard = strongest(sound[attack + 800 : attack + 800 + 8192], SAMPLE_RATE)
    expected = 440.0 * 2 ** ((pitch - 69) / 12)
    assert abs(1200 * np.log2(heard / expected)) < 12


def test_a_guitar_is_read_from_notes_named_by_pitch(tmp_path):
    times = np.arange(RATE) / RATE
    for name, frequency in (("A2", 110.0), ("C#4", 277.18), ("readme", 300.0)):
        late = np.concatenate([np.zeros(500), np.cos(2 * np.pi * frequency * times)])
        soundfile.write(
            tmp_path / f"{name}.ogg", 0.5 * np.exp(-0.0001 * np.arange(len(late))) * late, RATE
        )
    bank = guitar_bank(tmp_path, tmp_path / "cache")
    for pitch, frequency in ((45, 110.0), (61, 277.18), (46, 116.54)):
        sound, _ = bank.note(pitch, 80)
        assert strongest(sound[1000:9192], SAMPLE_RATE) == pytest.approx(frequency, rel=0.005)
        first = np.argmax(np.abs(sound) > 0.1 * np.abs(sound).max()) / SAMPLE_RATE
        assert first == pytest.approx(ATTACK_S, abs=0.002)
    with pytest.raises(InputNotFoundError, match="no notes of a guitar"):
        guitar_bank(tmp_path / "gone", tmp_path / "cache")


def test_music_for_the_guitar_lies_within_its_range_without_pedal(material_root, material_cache):
    piece = Material(material_root, material_cache).repertoire(validation=False).played[0]
    moved = _for_guitar(piece)
    assert len(piece.pedals) > 0
    assert len(moved.pedals) == 0
    assert moved.notes[:, 2].min() >= 40
    assert moved.notes[:, 2].max() <= 76
    np.testing.assert_array_equal((moved.notes[:, 2] - piece.notes[:, 2]) % 12, 0)
    np.testing.assert_array_equal(moved.notes[:, [0, 1, 3]], piece.notes[:, [0, 1, 3]])


def test_clips_are_rendered_once_for_each_part(material_root, material_cache, tmp_path):
    material = Material(material_root, material_cache)
    samples = tmp_path / "samples"
    samples.mkdir()
    times = np.arange(RATE) / RATE
    soundfile.write(samples / "E3.flac", 0.5 * np.sin(2 * np.pi * 164.81 * times), RATE)
    instruments = Instruments("first", "upright_kw_kawai_HELDOUT", samples)
    counts = ClipCounts(train=2, validation=1, test=1, seconds=1.0)
    for name, n_clips in (("synth", (2, 2, 2)), ("guitar", (2, 1, 1))):
        folder = tmp_path / name
        domain = rendered_domain(name, material, instruments, folder, counts)
        assert tuple(map(len, (domain.train, domain.validation, domain.test))) == n_clips
        assert {piece.split for piece in domain.test} == {"test"}
        audio, rate = soundfile.read(domain.train[0].audio)
        assert (len(audio) / rate, rate) == (pytest.approx(1.0, abs=0.05), RATE)
        assert np.abs(audio).max() > 0.001
        notes = [n for piece in domain.train for n in read_truth(piece.truth).notes]
        assert notes
        before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.flac")}
        assert rendered_domain(name, material, instruments, folder, counts) == domain
        assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.flac")} == before
