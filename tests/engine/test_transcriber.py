import threading
import tracemalloc

import numpy as np
import pytest
import soundfile
import torch
from tiny_transcription_model import HOP, RATE, TinyModel, tiny_card

from amtstudio.decoding import DecodingSettings, decode
from amtstudio.engine import Transcriber, load_transcriber
from amtstudio.engine.transcriber import _frame_from
from amtstudio.errors import (
    BadAudioError,
    Cancelled,
    CheckpointError,
    DeviceError,
    InputNotFoundError,
)
from amtstudio.features import FrameGrid, hop_energies, running_level
from amtstudio.features.dereverberation import dereverberated
from amtstudio.models.card import ModelCard
from amtstudio.models.checkpoint import save_checkpoint
from amtstudio.models.registry import build_model


def make_audio(rng, seconds):
    """Bursts of noise at changing levels, with silence between."""
    n_samples = round(seconds * RATE)
    envelope = np.repeat(10 ** rng.uniform(-4, 0, n_samples // 1000 + 1), 1000)[:n_samples]
    return (rng.standard_normal(n_samples) * envelope * 0.3).astype(np.float32)


def blocks_of(audio, size=5000):
    return [audio[begin : begin + size] for begin in range(0, len(audio), size)]


def make_transcriber(model=None, **options):
    options = {"device": "cpu", "n_threads": 1, "segment_s": 4.0, **options}
    return Transcriber(model or TinyModel(), tiny_card(), **options)


@torch.inference_mode()
def whole_probs(model, audio):
    """All frames of a recording at once, as the interface of the models defines them."""
    level = running_level(hop_energies(audio, HOP), HOP, RATE)
    padded = np.zeros((len(level) - 1) * HOP + 2 * model.margin, dtype=np.float32)
    end = min(len(padded), model.margin + len(audio))
    padded[model.margin : end] = audio[: end - model.margin]
    logits = model(torch.from_numpy(padded)[None], torch.from_numpy(level)[None])
    return {head: value[0].sigmoid().numpy() for head, value in logits.items()}


@pytest.fixture
def audio_file(tmp_path, rng):
    path = tmp_path / "bursts.wav"
    soundfile.write(path, make_audio(rng, 20.0), RATE, subtype="FLOAT")
    return path


@pytest.mark.parametrize("batch_size", [1, 3])
@pytest.mark.parametrize("n_samples", [33 * RATE + 77, 5 * RATE, 4 * RATE + 1])
def test_segments_give_the_probabilities_of_the_whole(rng, batch_size, n_samples, monkeypatch):
    # Half precision would hide differences of 1e-5.
    monkeypatch.setattr(torch.Tensor, "half", lambda self: self)
    audio = make_audio(rng, 34.0)[:n_samples]
    transcriber = make_transcriber(batch_size=batch_size)
    result = transcriber.transcribe_blocks(blocks_of(audio), keep_activations=True)
    whole = whole_probs(TinyModel().eval(), audio)
    for head, expected in whole.items():
        found = result.activations[head]
        assert found.shape == expected.shape
        assert np.abs(found - expected).max() <= 1e-5


def test_a_model_that_dereverberates_hears_recordings_without_their_late_echo(rng):
    audio = make_audio(rng, 26.0)
    cleaned = list(dereverberated(blocks_of(audio), RATE))
    model = TinyModel()
    model.dereverberates = True
    heard = make_transcriber(model).transcribe_blocks(blocks_of(audio), keep_activations=True)
    expected = make_transcriber().transcribe_blocks(cleaned, keep_activations=True)
    np.testing.assert_array_equal(heard.activations["onset"], expected.activations["onset"])
    assert heard.transcription.duration == expected.transcription.duration == 26.0
    otherwise = make_transcriber().transcribe_blocks(blocks_of(audio), keep_activations=True)
    assert not np.array_equal(heard.activations["onset"], otherwise.activations["onset"])


def test_segments_of_any_length_give_the_notes_of_the_whole(rng):
    audio = make_audio(rng, 31.3)
    results = [
        make_transcriber(segment_s=segment_s, batch_size=batch_size)
        .transcribe_blocks(blocks_of(audio))
        .transcription
        for segment_s, batch_size in ((1000.0, 1), (4.0, 1), (1.7, 5))
    ]
    whole = results[0]
    assert len(whole.notes) > 500
    assert len(whole.pedals) > 5
    for result in results[1:]:
        # A sum in another order may move the last bit of half precision: 1/2048 of a frame.
        assert [(note.pitch, note.velocity) for note in result.notes] == [
            (note.pitch, note.velocity) for note in whole.notes
        ]
        onsets = np.array([note.onset for note in result.notes])
        assert np.abs(onsets - [note.onset for note in whole.notes]).max() < 1e-4


def test_kept_activations_decode_to_the_very_notes_of_the_run(audio_file):
    transcriber = make_transcriber()
    result = transcriber.transcribe_file(audio_file, start=3.3, keep_activations=True)
    notes, pedals = decode(result.activations, transcriber.settings)
    assert tuple(notes) == result.transcription.notes
    assert tuple(pedals) == result.transcription.pedals


def test_the_pedal_is_not_pressed_in_a_recording_without_notes(audio_file):
    transcriber = make_transcriber()
    settings = DecodingSettings(drop_shorter_than_s=60.0)
    result = transcriber.transcribe_file(audio_file, settings=settings, keep_activations=True)
    assert not result.transcription.notes
    assert decode(result.activations, settings)[1]  # what the network says of noise
    assert not result.transcription.pedals


def test_streamed_notes_are_the_final_notes_and_come_early(rng):
    streamed, done_at = [], []
    progress = []
    result = make_transcriber().transcribe_blocks(
        blocks_of(make_audio(rng, 30.0)),
        on_notes=lambda notes: (streamed.extend(notes), done_at.append(len(progress))),
        on_progress=lambda done, total: progress.append(done),
    )
    assert tuple(sorted(streamed)) == result.transcription.notes
    assert done_at[0] == 1  # when only the start had been reported


def test_progress_rises_to_the_length_of_the_audio(audio_file):
    progress = []
    make_transcriber().transcribe_file(
        audio_file, on_progress=lambda done, total: progress.append((done, total))
    )
    done = [step[0] for step in progress]
    assert done == sorted(done)
    assert len(done) >= 6
    assert progress[0] == (0.0, 20.0)
    assert progress[-1] == (20.0, 20.0)
    assert {total for _, total in progress} == {20.0}


def test_progress_without_a_known_length_tells_no_total(rng):
    progress = []
    make_transcriber().transcribe_blocks(
        blocks_of(make_audio(rng, 10.0)),
        on_progress=lambda done, total: progress.append((done, total)),
    )
    assert {total for _, total in progress[:-1]} == {None}
    assert progress[-1] == (10.0, 10.0)


def test_more_audio_than_announced_never_passes_the_total(rng):
    progress = []
    make_transcriber().transcribe_blocks(
        blocks_of(make_audio(rng, 10.0)),
        duration=3.0,
        on_progress=lambda done, total: progress.append((done, total)),
    )
    assert all(done <= total for done, total in progress)


def test_range_has_the_times_of_the_file(audio_file):
    transcriber = make_transcriber()
    result = transcriber.transcribe_file(audio_file, start=6.0, end=14.0, keep_activations=True)
    first_frame = int(np.ceil(6.0 * RATE / HOP))
    assert result.activations.first_frame == first_frame
    assert result.transcription.duration == pytest.approx(14.0, abs=1e-3)
    notes = result.transcription.notes
    assert all(6.0 <= note.onset < 14.0 for note in notes)
    # Far from the cuts (5 s of level, 4 frames of context) nothing may differ but the level.
    soundfile_audio, _ = soundfile.read(audio_file, dtype="float32")
    begin = first_frame * HOP
    alone = transcriber.transcribe_blocks([soundfile_audio[begin : 14 * RATE]]).transcription
    shift = first_frame * HOP / RATE
    assert [note.onset - shift for note in notes] == pytest.approx(
        [note.onset for note in alone.notes], abs=1e-6
    )


def test_range_shorter_than_a_frame_is_transcribed(audio_file):
    result = make_transcriber().transcribe_file(audio_file, start=6.001, end=6.002)
    assert result.transcription.duration == pytest.approx(6.002, abs=1e-3)


def test_transcription_names_file_model_and_tags(tmp_path, rng):
    path = tmp_path / "étude.flac"
    with soundfile.SoundFile(path, "w", RATE, 1) as file:
        file.title = "Étude"
        file.write(make_audio(rng, 2.0))
    transcription = make_transcriber().transcribe_file(path).transcription
    assert transcription.file == "étude.flac"
    assert transcription.model == "tiny"
    assert transcription.metadata["title"] == "Étude"
    assert transcription.tuning_cents is None


@pytest.mark.parametrize("n_samples", [0, 1, HOP, HOP + 1])
def test_hardly_any_audio_is_transcribed(n_samples):
    result = make_transcriber().transcribe_blocks(
        [np.zeros(n_samples, dtype=np.float32)], keep_activations=True
    )
    assert result.transcription.duration == n_samples / RATE
    assert (result.activations is None) == (n_samples == 0)


def test_silence_gives_finite_activations():
    result = make_transcriber().transcribe_blocks(
        [np.zeros(12 * RATE, dtype=np.float32)], keep_activations=True
    )
    assert np.isfinite(result.activations["onset"]).all()


def test_settings_replace_those_of_the_card(rng):
    audio = make_audio(rng, 10.0)
    strict = make_transcriber().transcribe_blocks(
        [audio], settings=DecodingSettings(onset_threshold=1.0)
    )
    loose = make_transcriber().transcribe_blocks([audio])
    assert len(strict.transcription.notes) < len(loose.transcription.notes)


def test_cancelling_from_another_thread_closes_the_stream_and_leaves_the_model_usable(rng):
    audio = make_audio(rng, 1.0)
    cancel, started, closed = threading.Event(), threading.Event(), threading.Event()
    raised = []

    def endless():
        try:
            while True:
                yield audio
        finally:
            closed.set()

    transcriber = make_transcriber()

    def work():
        blocks = endless()
        try:
            transcriber.transcribe_blocks(
                blocks, is_cancelled=cancel.is_set, on_notes=lambda notes: started.set()
            )
        except Cancelled as error:
            raised.append(error)
        finally:
            blocks.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert started.wait(20)
    cancel.set()
    thread.join(5)
    assert not thread.is_alive()
    assert len(raised) == 1
    assert closed.is_set()
    assert transcriber.transcribe_blocks([audio]).transcription.duration == 1.0


def test_cancelling_is_noticed_within_a_segment(rng):
    asked = 0

    def cancelled_in_the_second_layer():
        nonlocal asked
        asked += 1
        return bool(model.batches)

    model = TinyModel()
    with pytest.raises(Cancelled):
        make_transcriber(model).transcribe_blocks(
            [make_audio(rng, 10.0)], is_cancelled=cancelled_in_the_second_layer
        )
    assert model.batches == [1]


def test_cancelled_file_is_closed(audio_file):
    with pytest.raises(Cancelled):
        make_transcriber().transcribe_file(audio_file, is_cancelled=lambda: True)
    audio_file.rename(audio_file.with_suffix(".moved"))  # refused on Windows while it is open


def test_error_in_a_callback_leaves_no_hook_on_the_model(rng):
    model = TinyModel()

    def fail(notes):
        raise KeyError(len(notes))

    with pytest.raises(KeyError):
        make_transcriber(model).transcribe_blocks([make_audio(rng, 10.0)], on_notes=fail)
    assert not any(module._forward_pre_hooks for module in model.modules())


def test_lack_of_memory_halves_the_batch_and_says_so(rng):
    audio = make_audio(rng, 24.0)
    warnings = []
    model = TinyModel(largest_batch=1)
    result = make_transcriber(model, batch_size=4).transcribe_blocks(
        blocks_of(audio), on_warning=warnings.append
    )
    expected = make_transcriber().transcribe_blocks(blocks_of(audio))
    assert len(result.transcription.notes) == len(expected.transcription.notes)
    assert warnings == [
        "CPU ran out of memory; continuing with 2 segments at a time",
        "CPU ran out of memory; continuing with 1 segment at a time",
    ]
    assert model.batches[1:4] == [4, 2, 1]


def test_lack_of_memory_for_one_segment_on_the_cpu_is_an_error(rng):
    transcriber = make_transcriber(TinyModel(largest_batch=0))
    with pytest.raises(DeviceError, match="too little memory for this model"):
        transcriber.transcribe_blocks([make_audio(rng, 1.0)])


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_cuda_out_of_memory_goes_on_on_the_cpu(rng):
    class TooLargeForCuda(TinyModel):
        def forward(self, audio, level=None):
            if audio.is_cuda:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().forward(audio, level)

    warnings = []
    transcriber = make_transcriber(TooLargeForCuda(), device="cuda", batch_size=1)
    audio = make_audio(rng, 10.0)
    result = transcriber.transcribe_blocks([audio], on_warning=warnings.append)
    assert transcriber.device.is_cpu
    assert "continuing on the CPU" in warnings[0]
    expected = make_transcriber().transcribe_blocks([audio])
    assert result.transcription == expected.transcription


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_cuda_gives_the_probabilities_of_the_cpu(rng):
    audio = make_audio(rng, 20.0)
    kept = [
        make_transcriber(device=device).transcribe_blocks([audio], keep_activations=True)
        for device in ("cpu", "cuda")
    ]
    on_cpu, on_cuda = (result.activations["frame"].astype(np.float32) for result in kept)
    assert np.abs(on_cpu - on_cuda).max() < 5e-3


def test_other_errors_of_the_model_pass_through(rng):
    class Broken(TinyModel):
        def forward(self, audio, level=None):
            raise RuntimeError("shapes do not fit")

    with pytest.raises(RuntimeError, match="shapes do not fit"):
        make_transcriber(Broken()).transcribe_blocks([make_audio(rng, 1.0)])


def test_output_that_is_not_finite_is_an_error():
    class Overflowing(TinyModel):
        def forward(self, audio, level=None):
            logits = super().forward(audio, level)
            return {head: value * torch.inf * 0 for head, value in logits.items()}

    with pytest.raises(BadAudioError, match="produced invalid output near 0 s"):
        make_transcriber(Overflowing()).transcribe_blocks([np.ones(RATE, dtype=np.float32)])


def test_bfloat16_differs_little(rng):
    audio = make_audio(rng, 10.0)
    results = [
        make_transcriber(precision=precision).transcribe_blocks([audio], keep_activations=True)
        for precision in ("float32", "bfloat16")
    ]
    full, half = (result.activations["frame"].astype(np.float32) for result in results)
    assert 0 < np.abs(full - half).mean() < 0.01


def test_missing_file_is_an_error(tmp_path):
    with pytest.raises(InputNotFoundError):
        make_transcriber().transcribe_file(tmp_path / "none.wav")


def test_card_with_thresholds_unknown_to_decoding_is_refused():
    with pytest.raises(CheckpointError, match=r"tiny cannot be used: .*'onsett'"):
        Transcriber(TinyModel(), tiny_card(onsett=0.5), device="cpu", n_threads=1)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"batch_size": 0}, "batch_size must be 1 or more, got 0"),
        ({"precision": "float16"}, "precision must be auto, float32 or bfloat16, got 'float16'"),
        ({"segment_s": 0.0}, "segment_s must be positive"),
    ],
)
def test_options_that_mean_nothing_are_refused(option, message):
    with pytest.raises(ValueError, match=message):
        make_transcriber(**option)


def test_memory_does_not_grow_with_the_length(rng):
    audio = make_audio(rng, 10.0)

    def peak(n_repeats):
        transcriber = make_transcriber()
        settings = DecodingSettings(drop_shorter_than_s=1000.0)  # no notes, which are to be kept
        tracemalloc.start()
        transcriber.transcribe_blocks((audio for _ in range(n_repeats)), settings=settings)
        _, bytes_at_most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return bytes_at_most

    peak(2)
    # The audio alone grows by 11.5 MB; the presses of the pedal are kept.
    assert peak(40) - peak(4) < 500_000


def test_checkpoint_is_loaded_by_path(tmp_path, rng):
    config = {"model_complexity": 1, "n_mels": 40}
    card = ModelCard(
        name="small",
        model="onsets_frames",
        config=config,
        sample_rate=16000,
        hop_length=512,
        thresholds={"onset": 0.4, "frame": 0.3},
        licence="CC0-1.0",
        data=(),
        onset_shift_s=-0.01,
    )
    path = tmp_path / "small.safetensors"
    save_checkpoint(path, build_model("onsets_frames", config), card)
    transcriber = load_transcriber(path, device="cpu", n_threads=1)
    assert transcriber.settings == DecodingSettings(0.4, 0.3, onset_shift_s=-0.01)
    result = transcriber.transcribe_blocks([np.zeros(16000, dtype=np.float32)])
    assert result.transcription.model == "small"


def test_unknown_model_name_is_an_error():
    with pytest.raises(CheckpointError, match="there is no model 'nonesuch'"):
        load_transcriber("nonesuch", device="cpu")


@pytest.mark.parametrize("rate", [16000, 22050, 15853, 16148])  # retuned rates are odd ones
@pytest.mark.parametrize("hop", [256, 441, 512])
def test_a_start_that_came_from_a_frame_gives_this_frame_again(rate, hop):
    grid = FrameGrid(rate, hop)
    frames = range(0, 120_000, 7)
    assert [_frame_from(grid, grid.to_seconds(frame), None) for frame in frames] == list(frames)
    # A start a little later is that of the next frame.
    assert _frame_from(grid, grid.to_seconds(100.01), None) == 101
