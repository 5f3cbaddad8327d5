"""Clips altered as sound: the beginning and the pitch of their notes are measured in it."""

import numpy as np
import pytest
import torch

from amtstudio.features import FrameGrid
from amtstudio.learning.altered_views import AS_RECORDED, AS_SOUND, Alteration, as_student_hears
from amtstudio.learning.label_tracks import draw_tracks
from amtstudio.learning.material import AdaptationMaterial, Labelled
from amtstudio.learning.opinion import TeacherNote, Trust
from amtstudio.learning.recordings import UserRecording
from amtstudio.symbolic.heads import PIANO_KEYS, Drums

GRID = FrameGrid(16000, 512)
MARGIN = 2048
N_FRAMES = 120
ONSETS = np.arange(0.4, 7.6, 0.53)


def recording(grid=GRID, *, dereverberates=False, keys=(69,)):
    """Plucked tones of these keys in turn, on silence."""
    rate = grid.sample_rate
    audio = np.zeros(8 * rate, dtype=np.float32)
    times = np.arange(round(0.45 * rate)) / rate
    for number, onset in enumerate(ONSETS):
        hz = 440.0 * 2.0 ** ((keys[number % len(keys)] - 69) / 12)
        tone = 0.3 * np.sin(2 * np.pi * hz * times + 0.5) * np.exp(-6 * times)
        first = round(onset * rate)
        audio[first : first + len(tone)] += tone.astype(np.float32)
    return UserRecording("x.wav", "0" * 64, audio, grid, dereverberates=dereverberates)


def rises(view, grid=GRID):
    """Seconds from frame 0 at which the energy multiplies within 2 ms, as heard in the clip."""
    audio = view.audio.numpy().astype(np.float64)
    hop = grid.sample_rate // 1000
    energy = (audio[: len(audio) // hop * hop] ** 2).reshape(-1, hop).sum(axis=1)
    mean = np.convolve(energy, np.ones(40) / 40)[: len(energy)]
    jumps = energy > 4.0 * (np.concatenate([np.full(3, np.inf), mean[:-3]]) + 1e-5)
    found = np.flatnonzero(jumps)
    first = found[np.diff(found, prepend=-1000) > 100]
    return first * hop / grid.sample_rate - MARGIN / grid.sample_rate


def matched(found, wanted, last):
    """Distances from each wanted time that is well inside to what was found nearest to it."""
    inside = wanted[(wanted > 0.1) & (wanted < last - 0.1)]
    assert len(inside) > 4
    return np.array([found[np.argmin(np.abs(found - at))] - at for at in inside])


@pytest.mark.parametrize("seed", range(4))
def test_onsets_are_where_the_energy_rises_once_the_sound_is_resampled(seed):
    entry = recording()
    first = 20 + seed
    rng = np.random.default_rng(seed)
    view = Alteration(cents=50.0).view(entry, first, N_FRAMES, MARGIN, rng)
    assert view.ratio != 1.0
    assert view.audio.shape == ((N_FRAMES - 1) * 512 + 2 * MARGIN,)
    wanted = (ONSETS - GRID.to_seconds(first)) / view.ratio
    assert np.abs(matched(rises(view), wanted, GRID.to_seconds(N_FRAMES))).max() < 0.005

    notes = [TeacherNote(at, at + 0.3, 69, 0.9) for at in ONSETS]
    tracks = draw_tracks(notes, GRID, len(entry.level), trust=Trust(0.6, 0.3))
    material = AdaptationMaterial(
        None, [Labelled(entry, tracks)], [], margin=MARGIN, n_frames=N_FRAMES, clips=1, seed=seed,
        alteration=Alteration(cents=50.0),
    )  # fmt: skip
    batch = material.taught(0)
    column = batch["onset"][0, :, 69 - 21].numpy()
    labelled = GRID.to_seconds(1.0) * np.array(
        [at + column[at + 1] for at in np.flatnonzero(column[:-1]) if column[at - 1] == 0.0]
    )
    heard = matched(rises(ViewOf(batch["audio"][0])), labelled, GRID.to_seconds(N_FRAMES))
    assert np.abs(heard).max() < 0.005


class ViewOf:
    def __init__(self, audio):
        self.audio = audio


def test_the_pitch_rises_as_much_as_the_view_says():
    entry = recording()
    rng = np.random.default_rng(5)
    for _ in range(3):
        view = Alteration(cents=50.0).view(entry, 20, N_FRAMES, MARGIN, rng)
        spectrum = np.abs(np.fft.rfft(view.audio.numpy() * np.hanning(len(view.audio)), 2**20))
        hz = np.argmax(spectrum) * 16000 / 2**20
        # The pulses of a regular rhythm pull the peak by a line of their own at most.
        assert 12 * np.log2(hz / 440.0) == pytest.approx(view.semitones, abs=0.05)
        assert abs(view.semitones) <= 0.5


def test_in_a_room_a_note_begins_when_it_did():
    entry = recording()
    entry.audio[: round((ONSETS[4] - 0.001) * 16000)] = 0.0  # nothing echoes into it
    wanted = ONSETS[4] - GRID.to_seconds(20) + MARGIN / 16000
    for seed in range(12):
        rng = np.random.default_rng(seed)
        view = Alteration(room_share=1.0).view(entry, 20, N_FRAMES, MARGIN, rng)
        sound = np.abs(view.audio.numpy())
        assert np.argmax(sound > 0.02 * sound.max()) / 16000 == pytest.approx(wanted, abs=0.002)
        plain = entry.clip(20, N_FRAMES, MARGIN)["audio"].numpy()
        assert np.mean((sound - np.abs(plain)) ** 2) > 0.05 * np.mean(plain**2)


@pytest.mark.parametrize("alteration", [Alteration(codec_share=1.0), Alteration(1.0)])
@pytest.mark.parametrize("grid", [GRID, FrameGrid(15817, 512), FrameGrid(32000, 320)])
def test_codecs_and_devices_do_not_move_the_sound(alteration, grid):
    entry = recording(grid)
    plain = entry.clip(20, N_FRAMES, MARGIN)["audio"].numpy()
    for seed in range(3):
        rng = np.random.default_rng(seed)
        altered = alteration.view(entry, 20, N_FRAMES, MARGIN, rng).audio.numpy()
        assert altered.shape == plain.shape
        # Edges of the tones, since a tone resembles itself a period later.
        spectra = np.fft.rfft(altered, 2 * len(plain)), np.fft.rfft(plain, 2 * len(plain))
        lags = np.fft.irfft(spectra[0] * spectra[1].conj())
        assert min(np.argmax(lags), 2 * len(plain) - np.argmax(lags)) <= 1
        assert not np.array_equal(altered, plain)


@pytest.mark.parametrize(("share", "is_changed"), [(1.0, True), (0.0, False)])
def test_late_echo_is_removed_where_a_room_was_added(share, is_changed):
    changed = []
    for seed in range(4):
        views = []
        for dereverberates in (False, True):
            entry = recording(keys=(48, 67, 59, 72, 64, 51, 79), dereverberates=dereverberates)
            vars(entry)["heard"] = entry.audio  # the sound itself is the same for both
            rng = np.random.default_rng(seed)
            views.append(Alteration(room_share=share).view(entry, 20, N_FRAMES, MARGIN, rng).audio)
        changed.append(not torch.allclose(*views, atol=1e-3))
    assert any(changed) is is_changed


def test_the_labels_of_a_teacher_are_of_the_clean_sound_and_move_with_the_altered_one():
    entry = Labelled(recording(), None)
    material = AdaptationMaterial(
        None, [entry], [], margin=MARGIN, n_frames=N_FRAMES, clips=3, alteration=AS_SOUND
    )
    batch = material.taught(4)
    clips = [
        entry.recording.clip(first, N_FRAMES, MARGIN)["audio"]
        for first in range(len(entry.recording.level))
    ]
    for clean, altered in zip(batch["audio"], batch["altered_audio"], strict=True):
        assert any(torch.equal(clean, clip) for clip in clips)
        assert not torch.equal(clean, altered)
    onset = torch.zeros(3, N_FRAMES, 88)
    onset[:, 50, 48] = 1.0
    heard = as_student_hears(batch, {"onset": onset})
    assert set(heard) == {"audio", "level", "onset"}
    torch.testing.assert_close(heard["audio"], batch["altered_audio"])
    at = torch.nan_to_num(heard["onset"][:, :, 48]) @ torch.arange(float(N_FRAMES))
    torch.testing.assert_close(at, (50 / batch["ratio"]).float())
    assert len(set(batch["ratio"].tolist())) == 3


@pytest.mark.parametrize("axis", [PIANO_KEYS, Drums(("kick", "snare"), (36, 38))])
def test_a_batch_altered_as_sound_has_the_shape_of_others_and_is_the_same_every_time(axis):
    is_drums = isinstance(axis, Drums)
    grid = FrameGrid(32000, 320) if is_drums else GRID
    entry = recording(grid, dereverberates=not is_drums)
    pitch = axis.pitches[0] if is_drums else 69
    notes = [TeacherNote(at, at + 0.3, pitch, 0.9) for at in ONSETS]
    tracks = draw_tracks(notes, grid, len(entry.level), trust=Trust(0.6, 0.3), axis=axis)
    batches = {}
    for alteration in (AS_RECORDED, AS_SOUND):
        material = AdaptationMaterial(
            None, [Labelled(entry, tracks)], [], margin=MARGIN, n_frames=N_FRAMES, clips=2,
            alteration=alteration,
        )  # fmt: skip
        batches[alteration] = material.taught(3)
        for name, value in material.taught(3).items():
            torch.testing.assert_close(value, batches[alteration][name], equal_nan=True)
    for name, value in batches[AS_RECORDED].items():
        assert batches[AS_SOUND][name].shape == value.shape
        assert batches[AS_SOUND][name].dtype == value.dtype
    assert not torch.isnan(batches[AS_SOUND]["onset"][:, : N_FRAMES - 5]).all()


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="cents"):
        Alteration(cents=60.0)
    with pytest.raises(ValueError, match="share"):
        Alteration(room_share=1.5)
