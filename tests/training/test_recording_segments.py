import numpy as np
import pytest
import soundfile
import soxr
import torch
from torch.utils.data import DataLoader

from amtstudio.errors import BadAudioError
from amtstudio.features import FrameGrid, hop_energies, running_level
from training.datasets import SegmentDataset, folder_pieces
from training.datasets.stretch import read_stretch, resampled_length

GRID = FrameGrid(16000, 512)
N_FRAMES = 40
MARGIN = 1024


def render(notes, pedals, start, n_frames):
    """Frames at which each key of the octave above middle C is down."""
    roll = np.zeros((n_frames, 12), np.float32)
    times = start + np.arange(n_frames) * 512 / 16000
    for note in notes:
        roll[(times >= note.onset) & (times < note.offset), note.pitch - 60] = 1
    return {"frame": roll}


@pytest.fixture
def recording(tmp_path, rng):
    """Twenty seconds of stereo noise at 44.1 kHz, and one note."""
    noise = 0.1 * rng.standard_normal((20 * 44100, 2)).astype(np.float32)
    noise *= np.linspace(0.05, 1.0, len(noise), dtype=np.float32)[:, None]
    path = tmp_path / "noise.wav"
    soundfile.write(path, noise, 44100, subtype="FLOAT")
    truth = "onset_s,offset_s,midi_pitch,velocity,instrument\n10.0,10.5,64,80,piano\n"
    (tmp_path / "noise.notes.csv").write_text(truth)
    return path, soxr.resample(noise.mean(axis=1), 44100, 16000)


@pytest.mark.parametrize(
    ("first", "n"), [(0, 4000), (100_000, 5000), (123_457, 1), (319_000, 1000)]
)
def test_a_stretch_equals_that_of_the_whole_resampled(recording, first, n):
    path, whole = recording
    assert resampled_length(path, 16000) == len(whole) == 320_000
    np.testing.assert_allclose(
        read_stretch(path, first, n, 16000), whole[first : first + n], atol=2e-5
    )


def test_a_stretch_beyond_the_ends_is_silent_there(recording):
    path, whole = recording
    early = read_stretch(path, -300, 500, 16000)
    assert not early[:300].any()
    np.testing.assert_allclose(early[300:], whole[:200], atol=2e-5)
    late = read_stretch(path, 319_900, 500, 16000)
    np.testing.assert_allclose(late[:100], whole[-100:], atol=2e-5)
    assert not late[100:].any()


def test_a_stretch_after_the_end_is_refused(recording):
    with pytest.raises(BadAudioError, match=r"noise\.wav ends before"):
        read_stretch(recording[0], 400_000, 50, 16000)


def test_a_file_that_is_no_audio_is_refused(tmp_path):
    (tmp_path / "text.wav").write_text("no audio")
    with pytest.raises(BadAudioError, match=r"text\.wav"):
        read_stretch(tmp_path / "text.wav", 0, 100, 16000)


@pytest.mark.parametrize("first_frame", [0, 7, 300, 625 - N_FRAMES])
def test_segment_has_the_audio_level_and_targets_of_its_place(recording, first_frame):
    path, whole = recording
    (piece,) = folder_pieces(path.parent)
    dataset = SegmentDataset([piece], render, grid=GRID, n_frames=N_FRAMES, margin=MARGIN)
    segment = dataset.segment(piece, first_frame, len(whole))
    padded = np.pad(whole, MARGIN)
    first = first_frame * 512
    expected = padded[first : first + (N_FRAMES - 1) * 512 + 2 * MARGIN]
    np.testing.assert_allclose(segment["audio"], expected, atol=2e-5)
    level = running_level(hop_energies(whole, 512), 512, 16000)
    np.testing.assert_allclose(
        segment["level"], level[first_frame : first_frame + N_FRAMES], rtol=1e-3
    )
    # 10.0 to 10.5 s are frames 313 to 328.
    down = first_frame + np.flatnonzero(segment["frame"][:, 4])
    np.testing.assert_array_equal(down, [f for f in range(313, 329) if 0 <= f - first_frame < 40])


def test_a_recording_shorter_than_a_segment_is_followed_by_silence(tmp_path, write_recording):
    write_recording(tmp_path / "short.wav")  # two seconds
    pieces = folder_pieces(tmp_path)
    dataset = SegmentDataset(pieces, render, grid=GRID, n_frames=100, margin=MARGIN)
    segment = dataset[0]
    assert segment["audio"].shape == (99 * 512 + 2 * MARGIN,)
    assert segment["audio"][: MARGIN + 32000].any()
    assert not segment["audio"][MARGIN + 32000 :].any()
    assert segment["level"].shape == (100,)
    assert segment["frame"].sum() > 0


@pytest.mark.filterwarnings("ignore:This DataLoader will create")  # with one core
def test_segment_numbers_are_the_same_with_and_without_workers(recording):
    path, _ = recording
    pieces = folder_pieces(path.parent)

    def draw(seed, n_workers):
        dataset = SegmentDataset(
            pieces, render, grid=GRID, n_frames=N_FRAMES, margin=MARGIN, seed=seed
        )
        loader = DataLoader(dataset, batch_sampler=[[0, 1], [2, 3]], num_workers=n_workers)
        return torch.cat([batch["audio"] for batch in loader])

    alone = draw(1, 0)
    assert alone.shape == (4, 39 * 512 + 2 * MARGIN)
    assert not torch.equal(alone[0], alone[1])
    assert torch.equal(alone, draw(1, 2))
    assert not torch.equal(alone, draw(2, 0))


def test_every_piece_comes_once_before_any_comes_again(tmp_path, write_recording):
    for index in range(5):
        write_recording(tmp_path / f"{index}.wav")
    dataset = SegmentDataset(folder_pieces(tmp_path), render, grid=GRID, n_frames=4, margin=0)
    drawn = []
    dataset.segment = lambda piece, first_frame, n_samples: drawn.append(piece.audio.stem)
    for index in range(10):
        dataset[index]
    assert sorted(drawn[:5]) == sorted(drawn[5:]) == list("01234")


def test_pedal_reaches_the_targets_only_when_asked(tmp_path, write_recording, write_midi):
    audio = write_recording(tmp_path / "take.wav")
    write_midi(audio.with_suffix(".mid"), [(0.5, 0.8, 60, 80)], [(0.6, 127), (1.5, 0)])
    (piece,) = folder_pieces(tmp_path)
    n_down = []
    for extend in (True, False):
        dataset = SegmentDataset(
            [piece], render, grid=GRID, n_frames=60, margin=0, extend_by_pedal=extend
        )
        n_down.append(int(dataset.segment(piece, 0, 32000)["frame"].sum()))
    assert n_down == [31, 9]  # 0.5 to 1.5 s and 0.5 to 0.8 s, frames of 32 ms


def test_render_gets_what_sounds_in_the_segment(tmp_path, write_recording, write_midi):
    audio = write_recording(tmp_path / "take.wav")
    notes = [(0.1, 0.5, 60, 80), (0.7, 1.0, 62, 80), (1.1, 1.3, 64, 80), (1.8, 1.9, 65, 80)]
    write_midi(audio.with_suffix(".mid"), notes, [(0.2, 127), (0.6, 0), (0.9, 127), (1.9, 0)])
    (piece,) = folder_pieces(tmp_path)
    seen = []

    def keep(notes, pedals, start, n_frames):
        seen.append(([n.pitch for n in notes], [round(p.onset, 3) for p in pedals], start))
        return {}

    dataset = SegmentDataset([piece], keep, grid=GRID, n_frames=20, margin=0)
    dataset.segment(piece, 25, 32000)  # 0.8 to 1.44 s
    assert seen == [([62, 64], [0.9], 0.8)]


def test_no_pieces_or_no_frames_are_refused(recording):
    with pytest.raises(ValueError, match="at least one piece"):
        SegmentDataset([], render, grid=GRID, n_frames=1, margin=0)
    pieces = folder_pieces(recording[0].parent)
    with pytest.raises(ValueError, match="n_frames >= 1"):
        SegmentDataset(pieces, render, grid=GRID, n_frames=0, margin=0)
