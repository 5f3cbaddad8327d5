from collections import Counter, defaultdict

import numpy as np
import pytest
import torch
from tiny_transcription_model import HOP, RATE, TinyModel, tiny_card

from amtstudio.audio import read_mono
from amtstudio.decoding import LiveSettings
from amtstudio.engine import Transcriber, load_transcriber
from amtstudio.engine.live_buffer import LiveBuffer
from amtstudio.errors import CheckpointError
from amtstudio.features import FrameGrid, hop_energies, running_level
from amtstudio.formats import read_csv
from amtstudio.models import ModelCard, build_model
from amtstudio.scoring import score_notes
from amtstudio.symbolic import Note, Transcription

GRID = FrameGrid(RATE, HOP)


def make_audio(rng, seconds):
    """Bursts of noise at changing levels."""
    n_samples = round(seconds * RATE)
    envelope = np.repeat(10 ** rng.uniform(-3, 0, n_samples // 1000 + 1), 1000)[:n_samples]
    return (rng.standard_normal(n_samples) * envelope * 0.3).astype(np.float32)


@pytest.fixture(scope="module")
def transcriber():
    return Transcriber(TinyModel(), tiny_card(), device="cpu", n_threads=1)


def play(live, audio, sizes):
    events, begin = [], 0
    for size in sizes:
        events += live.feed(audio[begin : begin + size])
        begin += size
    return events + live.feed(audio[begin:]) + live.finish()


def test_events_do_not_depend_on_the_blocks(transcriber, rng):
    audio = make_audio(rng, 8.0)
    ways = [[], [160] * 400, [1] * 300, [HOP] * 250, rng.integers(0, 3000, 40).tolist()]
    first, *others = [play(transcriber.live(precision="float32"), audio, sizes) for sizes in ways]
    assert len(first) > 100
    for other in others:
        assert other == first


@pytest.fixture(scope="module")
def drums():
    """The network for drums with seeded weights, made to be heard hitting something."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        network = build_model("drums", {"n_maps": [4, 4, 4, 4], "n_channels": 16})
        with torch.no_grad():
            last = network.live_head[2]
            last.weight.mul_(30.0)
            last.bias[:10] = -2.0
    card = ModelCard(
        name="tiny-drums",
        model="drums",
        config={},
        sample_rate=network.grid.sample_rate,
        hop_length=network.grid.hop_length,
        thresholds={"onset": 0.4},
        licence="CC0-1.0",
        data=(),
        decoder="drums",
    )
    return Transcriber(network, card, device="cpu", n_threads=1)


def test_drums_are_told_live_by_the_head_for_that_and_as_soon_as_it_can_hear_them(drums, rng):
    audio = make_audio(rng, 16.0)  # samples: 4 s at 32 kHz
    hop = drums.card.hop_length
    by_hops = play(drums.live(precision="float32"), audio, [hop] * 390)
    assert play(drums.live(precision="float32"), audio, []) == by_hops
    hits = [event for event in by_hops if event.kind == "confirmed"]
    assert len(hits) > 20
    assert len({event.id for event in hits}) == len(hits)
    assert all(event.track.is_drums for event in by_hops)
    # A frame to see the peak fall, the look-ahead of 36 ms, and what is missing of a hop.
    waited = [event.stream_time - event.onset for event in hits[:-5]]
    assert max(waited) <= 0.036 + 0.01 + 0.01 + 0.006


def test_every_note_has_a_consistent_life(transcriber, rng):
    events = play(transcriber.live(), make_audio(rng, 20.0), [400] * 400)
    lives = defaultdict(list)
    for event in events:
        lives[event.id].append(event)
    counts = Counter(tuple(event.kind for event in life) for life in lives.values())
    assert set(counts) <= {
        ("provisional", "confirmed", "ended"),
        ("confirmed", "ended"),
        ("provisional", "withdrawn"),
    }
    assert counts["provisional", "confirmed", "ended"] > 20
    for life in lives.values():
        assert len({event.pitch for event in life}) == 1
        assert all(event.onset < event.stream_time + 0.1 for event in life)
        if life[-1].kind == "ended":
            assert life[-1].onset == life[-2].onset < life[-1].offset
    times = [event.stream_time for event in events]
    assert times == sorted(times)


def test_notes_of_one_key_follow_one_another(transcriber, rng):
    events = play(transcriber.live(), make_audio(rng, 20.0), [])
    by_pitch = defaultdict(list)
    for event in events:
        if event.kind == "ended":
            by_pitch[event.pitch].append((event.onset, event.offset))
    assert max(map(len, by_pitch.values())) > 2
    for spans in by_pitch.values():
        offsets, next_onsets = [end for _, end in spans[:-1]], [begin for begin, _ in spans[1:]]
        # A note struck again ends at least a millisecond after its onset.
        assert all(end <= onset + 1e-3 for end, onset in zip(offsets, next_onsets, strict=True))


def test_with_all_of_its_context_it_hears_the_notes_of_the_offline_run(transcriber, rng):
    """The model reaches 4 frames ahead; the level, the same in all of the audio, cannot differ."""
    audio = rng.standard_normal(10 * RATE).astype(np.float32) * 0.1
    # Bursts of one loudness: the running level then is nearly that of the whole recording.
    audio *= np.repeat(rng.choice([0.3, 1.0], 10 * RATE // 400), 400).astype(np.float32)
    patient = LiveSettings(announce_frames=6, confirm_frames=8, give_up_frames=10)
    live = transcriber.live(live=patient, precision="float32")
    found = {
        (event.pitch, round(event.onset, 2))
        for event in play(live, audio, [])
        if event.kind == "confirmed"
    }
    notes = transcriber.transcribe_blocks([audio]).transcription.notes
    expected = {(note.pitch, round(note.onset, 2)) for note in notes}
    assert len(expected) > 50
    assert len(found & expected) / len(found | expected) > 0.8


def test_audio_at_another_rate_is_resampled(transcriber, rng):
    audio = make_audio(rng, 5.0)
    live = transcriber.live(sample_rate=2 * RATE)
    events = live.feed(np.repeat(audio, 2)) + live.finish()
    assert live.duration == pytest.approx(5.0)
    assert any(event.kind == "confirmed" for event in events)


def test_late_streams_leave_steps_out_and_hear_all(transcriber, rng):
    model = transcriber._model
    audio = make_audio(rng, 10.0)
    model.batches.clear()
    prompt = play(transcriber.live(), audio, [])
    n_looks = len(model.batches)
    model.batches.clear()
    late = play(transcriber.live(max_lag_s=0.25), audio, [RATE] * 10)
    assert len(model.batches) < n_looks / 5
    n_prompt, n_late = (
        sum(event.kind == "confirmed" for event in events) for events in (prompt, late)
    )
    assert n_late == pytest.approx(n_prompt, rel=0.2)


def test_memory_is_that_of_a_few_seconds(transcriber, rng):
    live = transcriber.live()
    audio = make_audio(rng, 30.0)
    for begin in range(0, len(audio), RATE // 10):
        live.feed(audio[begin : begin + RATE // 10])
    assert live.duration == 30.0
    assert len(live._buffer._audio) < 2 * RATE
    assert len(live._buffer._energies) < 7 * RATE / HOP


def test_a_stream_of_nothing(transcriber):
    live = transcriber.live()
    assert live.feed(np.zeros(0, dtype=np.float32)) == []
    assert live.finish() == []


def test_less_than_a_frame_is_looked_at_in_the_end(transcriber):
    live = transcriber.live()
    assert live.feed(np.zeros(HOP - 1, dtype=np.float32)) == []
    transcriber._model.batches.clear()
    live.finish()
    assert transcriber._model.batches == [1]


def test_a_finished_stream_takes_no_more(transcriber):
    live = transcriber.live()
    live.finish()
    with pytest.raises(ValueError, match="make a new LiveTranscriber"):
        live.feed(np.zeros(10, dtype=np.float32))
    with pytest.raises(ValueError, match="make a new LiveTranscriber"):
        live.finish()


def test_a_step_has_a_frame_at_least(transcriber):
    with pytest.raises(ValueError, match="step_frames"):
        transcriber.live(step_frames=0)


def test_warming_up_changes_nothing(transcriber, rng):
    audio = make_audio(rng, 4.0)
    warm = transcriber.live(precision="float32")
    warm.warm_up()
    assert play(warm, audio, []) == play(transcriber.live(precision="float32"), audio, [])


def test_windows_hold_the_audio_up_to_the_last_hop_and_zeros_beyond(rng):
    audio = make_audio(rng, 3.0)
    buffer = LiveBuffer(GRID, margin=400, context=4, uses_level=True)
    buffer.append(audio[: 20 * HOP + 100])
    window = buffer.window(10, 20)
    # 10 frames and 4 of context, rounded up to 16
    assert (window.first_frame, window.n_frames, window.skip) == (10, 10, 6)
    assert len(window.audio) == 15 * HOP + 800
    begin = 4 * HOP - 400
    n_heard = 20 * HOP - begin
    np.testing.assert_array_equal(window.audio[:n_heard], audio[begin : 20 * HOP])
    assert not window.audio[n_heard:].any()
    level = running_level(hop_energies(audio[: 20 * HOP], HOP), HOP, RATE)
    np.testing.assert_allclose(window.level, level[4:20], rtol=1e-6)


def test_before_the_recording_there_is_silence_at_its_first_level(rng):
    audio = make_audio(rng, 1.0)
    buffer = LiveBuffer(GRID, margin=400, context=4, uses_level=True)
    buffer.append(audio)
    window = buffer.window(0, 5)
    assert window.skip == 11
    assert not window.audio[: 11 * HOP + 400].any()
    np.testing.assert_array_equal(window.audio[11 * HOP + 400 : 16 * HOP + 400], audio[: 5 * HOP])
    np.testing.assert_array_equal(window.level[:11], np.repeat(window.level[11], 11))


def test_forgotten_audio_is_missed_by_no_later_window(rng):
    audio = make_audio(rng, 20.0)
    kept, lean = (LiveBuffer(GRID, margin=400, context=4, uses_level=True) for _ in range(2))
    for end in range(10, 600, 7):
        for buffer in (kept, lean):
            n_samples = buffer.n_samples
            buffer.append(audio[n_samples : end * HOP])
        first = max(0, end - 12)
        one, other = kept.window(first, end), lean.window(first, end)
        np.testing.assert_array_equal(one.audio, other.audio)
        np.testing.assert_allclose(one.level, other.level, rtol=1e-6)
        lean.forget_before(max(0, end - 5))


@pytest.mark.shared
def test_a_real_piano_is_heard_as_well_as_offline(shared):
    try:
        transcriber = load_transcriber("piano", device="cpu", n_threads=1)
    except CheckpointError:
        pytest.skip("needs the shipped model")
    stem = shared / "data" / "real" / "piano_disklavier" / "chpn-p15_ENSTDkAm"
    truth = read_csv(stem.with_name(f"{stem.name}.notes.csv"))
    truth = Transcription(notes=tuple(note for note in truth.notes if note.onset < 8.0))
    audio = read_mono(stem.with_name(f"{stem.name}.flac"), sample_rate=16000, end=8.0)
    torch.set_num_threads(1)
    live = transcriber.live()
    notes = tuple(
        Note(event.onset, event.offset, event.pitch, event.velocity)
        for event in live.feed(audio) + live.finish()
        if event.kind == "ended"
    )
    offline = transcriber.transcribe_blocks([audio]).transcription
    f1 = score_notes(truth, Transcription(notes=notes)).note.f1
    assert f1 > score_notes(truth, offline).note.f1 - 0.04
