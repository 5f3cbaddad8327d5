"""What becomes of channels that cancel each other in their mean."""

from __future__ import annotations

import av
import numpy as np
import pytest
import soundfile
from fake_input import FakeInput
from media_files import Media, write_media

from amtstudio.audio import probe, read_mono, stream_mono
from amtstudio.audio.mixdown import MEAN, LiveMix, Mix, choose_mix
from amtstudio.audio.recording import Recorder

RATE = 16000
SECONDS = 12


def melody(pitches, *, step=0.5, seconds=SECONDS):
    """Decaying tones with six partials, one after another."""
    out = np.zeros(round(seconds * RATE))
    for index in range(round(seconds / step)):
        frequency = 440 * 2 ** ((pitches[index % len(pitches)] - 69) / 12)
        t = np.arange(round(step * RATE)) / RATE
        tone = sum(np.sin(2 * np.pi * frequency * k * t) / k for k in range(1, 7))
        begin = round(index * step * RATE)
        out[begin : begin + len(t)] = 0.1 * tone * np.exp(-4 * t)
    return out


@pytest.fixture
def piano():
    return melody((60, 64, 67, 72, 71, 67, 65, 62))


@pytest.fixture
def voice(rng):
    """A buzz of 110 Hz with two formants, which comes and goes."""
    t = np.arange(SECONDS * RATE) / RATE
    buzz = sum(
        np.sin(2 * np.pi * 110 * k * t) * (np.exp(-((110 * k - 500) ** 2) / 4e4) + 0.01)
        for k in range(1, 40)
    )
    return 0.05 * buzz / buzz.std() * (np.sin(2 * np.pi * 0.7 * t) > 0)


@pytest.fixture
def room(rng):
    """What reaches one microphone of a hall and not the other."""
    return 0.003 * rng.standard_normal((SECONDS * RATE, 2))


def mix_of(*channels):
    samples = np.stack(channels, axis=1).astype(np.float32)
    windows = [samples[begin : begin + 16384] for begin in range(0, len(samples), 16384)]
    return choose_mix(windows, RATE)


def correlation(one, other):
    return float(np.corrcoef(one, other)[0, 1])


def write(path, *channels):
    soundfile.write(path, np.stack(channels, axis=1), RATE, subtype="FLOAT")
    return path


# -- what stays as it is ---------------------------------------------------------------------------
def test_the_mean_stays_where_nothing_much_is_lost(piano, voice, room, rng):
    delayed = [np.roll(piano, n_samples) for n_samples in (1, 8, 40, 100)]
    noise = 0.1 * rng.standard_normal((2, len(piano)))
    silence = np.zeros(len(piano))
    pairs = [(piano, other) for other in (piano, 0.3 * piano, silence, voice, *delayed)]
    for pair in (*pairs, (piano + noise[0], piano + noise[1]), tuple(noise), (piano, -0.5 * piano)):
        assert mix_of(*pair) == MEAN
    assert mix_of(piano, 0.8 * piano, voice, silence, 0.5 * piano, 0.4 * piano) == MEAN
    assert mix_of(silence, silence) == MEAN


def test_one_channel_and_too_little_sound_need_no_choice(piano):
    assert mix_of(piano) == MEAN
    assert choose_mix([], RATE) == MEAN
    assert choose_mix([np.zeros((100, 2), np.float32)], RATE) == MEAN


# -- what cancels ----------------------------------------------------------------------------------
@pytest.mark.parametrize("gain", [1.0, 0.9, 1.1])
def test_a_channel_of_opposite_polarity_is_turned_round(piano, room, gain):
    mix = mix_of(piano + room[:, 0], -gain * piano + room[:, 1])
    assert mix.weights == (0.5, -0.5)
    assert "the right channel is inverted" in mix.reason


def test_a_voice_that_both_share_does_not_hide_what_has_cancelled(piano, voice):
    level = piano.std() / voice.std()
    for gain in (0.1 * level, level, 3.0 * level):  # up to 10 dB louder than the piano
        channels = np.stack([piano + gain * voice, -piano + gain * voice], axis=1)
        mixed = mix_of(*channels.T).apply(channels)
        assert abs(mixed @ piano) > 0.5 * (piano @ piano)


def test_channels_that_cancel_in_a_part_of_the_recording_only(piano):
    for share in (0.25, 0.5, 0.8):
        n_before = round((1 - share) * len(piano))
        other = np.concatenate([piano[:n_before], -piano[n_before:]])
        mix = mix_of(piano, other)
        mixed = mix.apply(np.stack([piano, other], axis=1))
        for part in (slice(n_before), slice(n_before, None)):
            assert mixed[part].std() > 0.3 * piano[part].std()
    assert mix_of(piano, np.concatenate([piano[: 6 * RATE], -piano[6 * RATE :]])).weights in (
        (1.0, 0.0),
        (0.0, 1.0),
    )


def test_surround_in_which_the_fronts_or_pairs_cancel(piano, voice):
    silence = np.zeros(len(piano))
    mix = mix_of(piano, -piano, 0.3 * voice, silence, silence, silence)
    assert mix.weights[0] == -mix.weights[1] != 0
    mix = mix_of(piano, -piano, piano, -piano)
    assert mix.weights == (0.25, -0.25, 0.25, -0.25)
    assert "channels 2 and 4 are inverted" in mix.reason


def test_a_mix_keeps_the_scale_of_every_kind_of_sample():
    whole = np.array([[127, -128], [64, -64]], np.int8)
    mix = Mix((0.5, -0.5), "-")
    np.testing.assert_allclose(mix.apply(whole), [255 / 256, 0.5])
    np.testing.assert_allclose(
        mix.apply(np.array([[255, 0], [192, 64]], np.uint8)), [255 / 256, 0.5]
    )
    np.testing.assert_allclose(mix.apply(np.array([[1.0, -1.0]])), [1.0])
    assert np.isnan(mix.apply(np.array([[np.nan, 0.0]]))).all()
    # Where the number of channels changes within a file, those that it has are averaged.
    np.testing.assert_allclose(mix.apply(np.array([[0.5, 0.1, 0.6]])), [0.4])


def test_more_than_eight_planes(tmp_path, piano):
    n_channels = 12
    samples = piano[:, None] * np.linspace(0.2, 1.0, n_channels)
    path = tmp_path / "a.mka"
    with av.open(str(path), "w") as container:
        options = {"mapping_family": "255"}
        layout = f"{n_channels} channels"
        stream = container.add_stream("libopus", rate=16000, layout=layout, options=options)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples.reshape(1, -1), np.float32), "flt", layout
        )
        frame.sample_rate, frame.pts = RATE, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    audio = read_mono(path, sample_rate=RATE)
    assert correlation(audio[: len(piano)], samples.mean(axis=1)) > 0.95


# -- in files --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "media",
    [
        Media(".wav", "pcm_s16le", RATE),
        Media(".flac", "flac", RATE),
        Media(".m4a", "aac", RATE),
        Media(".opus", "libopus", 16000, container="ogg"),
        Media(".webm", "libopus", 16000),
        Media(".aac", "aac", RATE, container="adts"),
    ],
    ids=str,
)
def test_all_readers_of_a_file_take_the_same_mix(tmp_path, piano, media):
    path = tmp_path / f"a{media.suffix}"
    write_media(path, media, np.stack([piano, -piano], axis=1).astype(np.float32))
    warnings: list[str] = []
    whole = read_mono(path, sample_rate=RATE, on_warning=warnings.append)
    assert whole.std() > 0.8 * piano.std()
    assert [text for text in warnings if "cancel each other" in text] == warnings != []
    part = read_mono(path, sample_rate=RATE, start=9.0)
    np.testing.assert_allclose(part[:RATE], whole[9 * RATE : 10 * RATE], atol=0.02)


def test_the_decision_looks_at_all_of_a_long_file(tmp_path, piano):
    quiet = np.zeros(RATE * 200)
    path = write(
        tmp_path / "a.wav", *(np.concatenate([quiet, sign * np.tile(piano, 3)]) for sign in (1, -1))
    )
    audio = read_mono(path, sample_rate=RATE)
    assert correlation(audio[len(quiet) :], np.tile(piano, 3)) > 0.99
    stretch = np.concatenate(list(stream_mono(path, sample_rate=RATE, start=100.0, end=101.0)))
    assert not stretch.any()


def test_a_file_that_was_replaced_is_looked_at_again(tmp_path, piano):
    path = write(tmp_path / "a.wav", piano, -piano)
    assert read_mono(path, sample_rate=RATE).any()
    write(path, piano, piano[::-1])
    np.testing.assert_allclose(
        read_mono(path, sample_rate=RATE), (piano + piano[::-1]) / 2, atol=1e-6
    )
    assert probe(path).channels == 2


# -- live ------------------------------------------------------------------------------------------
def test_a_stream_leaves_the_mean_soon_after_it_cancels(piano):
    live = LiveMix(RATE)
    samples = np.stack([piano, -piano], axis=1).astype(np.float32)
    blocks = [live.feed(samples[begin : begin + 160]) for begin in range(0, len(samples), 160)]
    mono = np.concatenate(blocks)
    assert len(mono) == len(piano)
    heard_from = np.flatnonzero(np.abs(mono) > 1e-3)[0] / RATE
    assert heard_from < 0.3
    assert correlation(mono[RATE // 2 :], piano[RATE // 2 :]) > 0.99


def test_a_stream_that_does_not_cancel_is_its_mean(piano, voice, rng):
    noise = 0.02 * rng.standard_normal((2, len(piano)))
    for other in (piano, voice, 0 * piano):
        samples = np.stack([piano + noise[0], other + noise[1]], axis=1).astype(np.float32)
        live = LiveMix(RATE)
        mono = [live.feed(samples[begin : begin + 160]) for begin in range(0, len(samples), 160)]
        np.testing.assert_allclose(np.concatenate(mono), samples.mean(axis=1), atol=1e-6)
        assert live.mix == MEAN


def test_a_recorder_says_what_it_lets_be_heard_and_keeps_the_channels(tmp_path, piano):
    samples = np.stack([piano, -piano], axis=1).astype(np.float32)
    blocks: list[np.ndarray] = []
    remarks: list[str] = []
    recorder = Recorder(
        tmp_path / "take.wav",
        on_block=lambda block, _: blocks.append(block),
        on_remark=remarks.append,
        open_stream=FakeInput(samples),
    )
    recorder.start()
    assert recorder.wait(30)
    assert len(remarks) == 1
    assert "the right channel is inverted" in remarks[0]
    assert np.abs(np.concatenate(blocks)).max() > 0.1
    kept, _ = soundfile.read(tmp_path / "take.wav")
    np.testing.assert_allclose(kept, samples, atol=1e-6)


# -- a constant offset -----------------------------------------------------------------------------
@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "FLOAT"])
def test_a_constant_offset_is_taken_out(tmp_path, piano, rng, subtype):
    path = tmp_path / "take.wav"
    noise = 1e-4 * rng.standard_normal(len(piano))
    for channels in ([piano + 0.06], [piano, piano + 0.12], [piano + noise + 0.2, piano - 0.08]):
        soundfile.write(path, np.stack(channels, axis=1), RATE, subtype=subtype)
        read = read_mono(path, sample_rate=RATE)
        assert abs(read.mean()) < 1e-3
        np.testing.assert_allclose(read, piano, atol=2 / 128 if subtype == "PCM_U8" else 1e-3)


def test_what_is_no_constant_stays(tmp_path, piano, voice):
    """Neither a rumble, nor a thump, nor an offset that only a part of the recording has."""
    t = np.arange(len(piano)) / RATE
    for other in (
        0.1 * np.sin(2 * np.pi * 1.3 * t),
        0.3 * np.exp(-((t - 5.0) ** 2)),
        np.where(t < 6.0, 0.0, 0.1),
        np.zeros(len(piano)),
    ):
        assert mix_of(piano + other) == MEAN
    assert mix_of((piano + 0.1)[: RATE // 2]) == MEAN  # too short to tell


def test_a_stream_loses_its_offset_without_a_step(piano):
    live = LiveMix(RATE)
    samples = (piano + 0.05).astype(np.float32)[:, None]
    blocks = [live.feed(samples[begin : begin + 160]) for begin in range(0, len(samples), 160)]
    mono = np.concatenate(blocks)
    np.testing.assert_allclose(mono[5 * RATE :], piano[5 * RATE :], atol=2e-3)
    assert np.abs(np.diff(mono - piano)).max() < 5e-4
