from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
import soundfile
import torch
from tiny_instrument_model import tiny_instruments
from tiny_transcription_model import TinyModel, tiny_card

from amtstudio.engine import InstrumentDetector, load_transcriber
from amtstudio.errors import (
    BadAudioError,
    Cancelled,
    CheckpointError,
    DeviceError,
    InputNotFoundError,
)
from amtstudio.models.checkpoint import save_checkpoint
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES

RATE = 16000


@pytest.fixture
def detector():
    model, card = tiny_instruments()
    return InstrumentDetector(model, card, device="cpu", n_threads=1)


def sound(rng, seconds):
    envelope = np.repeat(rng.uniform(0.01, 0.5, int(seconds * 4) + 1), RATE // 4)
    n_samples = round(seconds * RATE)
    return (rng.standard_normal(n_samples) * envelope[:n_samples]).astype(np.float32)


@pytest.mark.parametrize("block_s", [0.31, 1.0, 50.0])
@pytest.mark.parametrize("seconds", [0.4, 16.0, 37.3])
def test_blocks_give_the_scores_of_the_whole(detector, rng, seconds, block_s):
    audio = sound(rng, seconds)
    step = round(block_s * RATE)
    found = detector.detect_blocks(audio[i : i + step] for i in range(0, len(audio), step))
    model, _ = tiny_instruments()
    n = int(np.ceil(seconds))
    padded = np.zeros(model.samples_of(n), dtype=np.float32)
    end = min(len(padded), model.margin + len(audio))
    padded[model.margin : end] = audio[: end - model.margin]
    with torch.inference_mode():
        whole = model(torch.from_numpy(padded)[None])
    assert found.n_instances == n
    np.testing.assert_allclose(found.scores, whole.scores[0], atol=1e-5)
    np.testing.assert_allclose(found.attention, whole.attention[0], atol=1e-5)
    np.testing.assert_allclose(found.track_scores, whole.bag[0], atol=1e-5)
    assert found.duration == pytest.approx(seconds)
    assert found.offsets[-1] == pytest.approx(seconds)


def test_attention_sums_to_one_for_each_class_of_a_long_recording(detector):
    second = np.full(RATE, 1e-3, dtype=np.float32)
    second[::200] = 0.5
    found = detector.detect_blocks(second for _ in range(400))
    np.testing.assert_allclose(found.attention.sum(axis=0, dtype=float), 1.0, atol=1e-5)


def test_memory_does_not_grow_with_the_recording(detector):
    second = np.full(RATE, 1e-3, dtype=np.float32)

    def peak(n_seconds):
        tracemalloc.start()
        detector.detect_blocks(second for _ in range(n_seconds))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(20)
    # Of each second more 160 bytes are kept, and copied a few times at the end.
    assert peak(260) - peak(20) < 240 * 160 * 12


def test_silence_is_no_instrument(detector, rng):
    audio = np.concatenate([np.zeros(3 * RATE, dtype=np.float32), sound(rng, 2.0)])
    found = detector.detect_blocks([audio])
    assert np.all(found.scores[:3] == 0)
    assert np.all(found.attention[:3] < 1e-4)
    silent = detector.detect_blocks([np.zeros(4 * RATE, dtype=np.float32)])
    assert silent.named() == []
    np.testing.assert_allclose(silent.attention, 0.25)


def test_no_audio_gives_no_instance(detector):
    found = detector.detect_blocks([])
    assert found.n_instances == 0
    assert found.named() == []


def test_a_file_of_another_rate_is_heard_alike(detector, rng, tmp_path):
    audio = sound(rng, 5.0)
    stereo = np.stack([audio, audio], axis=1)
    soundfile.write(tmp_path / "a.wav", stereo, RATE, subtype="FLOAT")
    told = []
    found = detector.detect_file(tmp_path / "a.wav", on_progress=lambda *a: told.append(a))
    np.testing.assert_allclose(found.scores, detector.detect_blocks([audio]).scores, atol=1e-5)
    assert told[-1] == (pytest.approx(5.0), pytest.approx(5.0))
    assert (found.file, found.model) == ("a.wav", "tiny-instruments")


def test_thresholds_are_those_of_the_card(detector):
    found = detector.detect_blocks([])
    piano = INSTRUMENT_CLASSES.index("piano")
    assert found.thresholds[piano] == pytest.approx(0.6)
    assert np.delete(found.thresholds, piano) == pytest.approx(0.4)


def test_cancelling_stops_before_the_next_block(detector):
    seen = []

    def blocks():
        for i in range(100):
            seen.append(i)
            yield np.zeros(RATE, dtype=np.float32)

    with pytest.raises(Cancelled):
        detector.detect_blocks(blocks(), is_cancelled=lambda: len(seen) > 2)
    assert len(seen) == 3


def test_lack_of_memory_on_the_cpu_is_said(detector, monkeypatch):
    def fail(audio):
        raise MemoryError

    monkeypatch.setattr(detector._model, "instances", fail)
    with pytest.raises(DeviceError, match="too little memory"):
        detector.detect_blocks([np.ones(RATE, dtype=np.float32)])


def test_wrong_files_are_refused_as_elsewhere(detector, tmp_path):
    with pytest.raises(InputNotFoundError, match="none"):
        detector.detect_file(tmp_path / "none.wav")
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(BadAudioError, match="text"):
        detector.detect_file(tmp_path / "text.wav")


def test_models_are_not_taken_for_one_another(tmp_path):
    model, card = tiny_instruments()
    path = tmp_path / "own.safetensors"
    save_checkpoint(path, model, card)
    assert InstrumentDetector.load(path, device="cpu", n_threads=1).card == card
    with pytest.raises(CheckpointError, match="tiny-instruments is not a transcription model"):
        load_transcriber(path, device="cpu")
    with pytest.raises(CheckpointError, match="is not an instrument detector"):
        InstrumentDetector(TinyModel(), tiny_card(), device="cpu")
