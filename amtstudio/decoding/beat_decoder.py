"""The likeliest beats and bars, given how likely each frame is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.decoding.bar_lines import WEIGHTS, Listener, PitchedNotes, Weights
from amtstudio.features import FrameGrid
from amtstudio.symbolic.tempo import TempoMap

Doubles = npt.NDArray[np.float64]
Probs = npt.NDArray[np.floating]
Frames = npt.NDArray[np.int64]

_TINY = 1e-6
_HEARD = 0.1  # a beat below it is only there to join others
_LEAST_EVIDENCE = 0.02  # however sure the activation is: one beat more or less is not proof
_NEAR = 2  # frames to either side of a beat in which its activation may lie
_CHECK_EVERY = 1000  # frames
_METER_SHARES = {2: 0.12, 3: 0.24, 4: 0.6}  # of the music that people play; others are rare
_RARE = 0.02
# Where the notes tell the meter: of the others, and of bars of another length than the one before.
_OTHER_METER = 1e-4
_OTHER_BAR = 2e-2


@dataclass(frozen=True, slots=True)
class BeatSettings:
    """Settings for finding beats.

    Attributes
    ----------
    lowest_tempo, highest_tempo : float, beats a minute
    steadiness : float
        Cost of a change of tempo from one beat to the next: this much in log odds for a change by a
        factor of e.
    step : float
        Maximum cost of a change by one frame: a tempo may lie between two whole numbers of frames.
    reluctance : float
        Cost of a beat, in log odds, to compensate for activations that say "beat" too easily, as
        those of a network trained with a larger weight on beats do.
    usual_tempo : float, beats a minute
    tempo_weight : float
        Cost of a beat at a tempo that is e times the usual one, in log odds; four times as much at
        the square of that.
    meters : tuple of int
        Candidate numbers of beats per bar.
    meter_change : float
        Probability that a bar has a different number of beats than the previous one, if nothing is
        known about the notes.
    """

    lowest_tempo: float = 40.0
    highest_tempo: float = 220.0
    steadiness: float = 60.0
    step: float = 4.0
    reluctance: float = 0.0
    usual_tempo: float = 95.0
    tempo_weight: float = 0.0
    meters: tuple[int, ...] = (2, 3, 4)
    meter_change: float = 2e-3

    def __post_init__(self) -> None:
        if not 10.0 <= self.lowest_tempo < self.highest_tempo <= 600.0:
            raise ValueError(
                f"need 10 <= lowest < highest tempo <= 600, got {self.lowest_tempo} and "
                f"{self.highest_tempo}"
            )
        if not self.steadiness > 0.0:
            raise ValueError(f"steadiness must be positive, got {self.steadiness}")
        if not self.step > 0.0:
            raise ValueError(f"step must be positive, got {self.step}")
        if not abs(self.reluctance) < float("inf"):
            raise ValueError(f"reluctance must be finite, got {self.reluctance}")
        if not self.usual_tempo > 0.0 or not 0.0 <= self.tempo_weight < float("inf"):
            raise ValueError(
                "need a positive usual tempo and a weight of 0 or more, got"
                f" {self.usual_tempo} and {self.tempo_weight}"
            )
        if not self.meters or not all(1 <= meter <= 16 for meter in self.meters):
            raise ValueError(f"meters must be 1 to 16, got {self.meters}")
        if not 0.0 < self.meter_change < 1.0:
            raise ValueError(f"meter_change must lie in (0, 1), got {self.meter_change}")


def decode_beats(
    beat: Probs,
    downbeat: Probs,
    grid: FrameGrid,
    settings: BeatSettings | None = None,
    *,
    notes: PitchedNotes | None = None,
    on_frames: Callable[[int], None] | None = None,
) -> TempoMap | None:
    """The beats of a recording; None where there are not two of them.

    First the sequence of beats that best explains the beat activation, where the time to the next
    beat seldom changes by much; then, among these beats, the bars that best explain the downbeat
    activation and, where there are ``notes``, their accents, mostly in the meter that these speak
    for in the whole of the piece.

    Parameters
    ----------
    beat, downbeat : np.ndarray, shape (n_frames,)
        Probability in [0, 1] that a beat, or the first beat of a bar, falls on each frame.
    grid : FrameGrid
    settings : BeatSettings, optional
    notes : PitchedNotes, optional
        What the activations were made from.
    on_frames : callable, optional
        Called every thousand frames or so with how many are done; what it raises ends the search.

    References
    ----------
    Krebs, Böck & Widmer, "An efficient state-space model for joint tempo and meter tracking",
    ISMIR 2015, for the transitions of tempo; here as a segmental Viterbi search, whose states are
    the beats alone, and with the bars found afterwards.
    """
    settings = settings or BeatSettings()
    told, told_of_bars = np.asarray(beat, np.float64), np.asarray(downbeat, np.float64)
    frames = _beat_frames(told, grid, settings, on_frames)
    if len(frames) < 2:
        return None
    seconds = _refined(told, frames) * grid.hop_length / grid.sample_rate
    share = _share(told, told_of_bars, frames)
    if notes is not None and Listener.can_hear(seconds, notes):
        return TempoMap(seconds, bars_of(Listener(seconds, share, notes), settings.meters))
    shares = {meter: _METER_SHARES.get(meter, _RARE) for meter in settings.meters}
    return TempoMap(seconds, _bars(share, shares, settings.meter_change))


def share_of_bars(beat: Probs, downbeat: Probs, beats: Doubles, grid: FrameGrid) -> Doubles:
    """How likely beats, in seconds, begin bars, if they are beats; shape (n_beats,)."""
    frames = np.round(beats * grid.sample_rate / grid.hop_length).astype(np.int64)
    frames = np.clip(frames, 0, len(beat) - 1)
    return _share(np.asarray(beat, np.float64), np.asarray(downbeat, np.float64), frames)


def _share(beat: Doubles, downbeat: Doubles, frames: Frames) -> Doubles:
    share = _near(downbeat, frames) / np.maximum(_near(beat, frames), _TINY)
    return np.clip(share, _LEAST_EVIDENCE, 1.0 - _LEAST_EVIDENCE)


def bars_of(
    listener: Listener, meters: tuple[int, ...], weights: Weights = WEIGHTS
) -> npt.NDArray[np.bool_]:
    """Which beats begin bars, by their accents: mostly in the meter of the piece."""
    usual = listener.likeliest_meter(meters, weights)
    shares = {meter: 1.0 if meter == usual else _OTHER_METER for meter in meters}
    likely = 1.0 / (1.0 + np.exp(-listener.odds(weights)))
    return _bars(likely, shares, _OTHER_BAR)


def certainty(beat: Probs, tempo: TempoMap, grid: FrameGrid) -> float:
    """How well beats explain the activations, 0 to 1.

    The harmonic mean of how likely the beats are and which share of the total beat activation falls
    on them.
    """
    beat = np.asarray(beat, np.float64)
    frames = np.round(tempo.beats * grid.sample_rate / grid.hop_length).astype(np.int64)
    frames = frames[(frames >= 0) & (frames < len(beat))]
    if not len(frames):
        return 0.0
    rows = np.clip(frames[:, None] + np.arange(-_NEAR, _NEAR + 1), 0, len(beat) - 1)
    explained = beat[np.unique(rows)].sum()
    recall = float(explained / max(float(beat.sum()), _TINY))
    precision = float(np.minimum(beat[rows].sum(axis=1), 1.0).mean())
    return 2.0 * precision * recall / max(precision + recall, _TINY)


def _beat_frames(
    beat: Doubles,
    grid: FrameGrid,
    settings: BeatSettings,
    on_frames: Callable[[int], None] | None,
) -> Frames:
    """The frames of the likeliest sequence of beats."""
    n_frames = len(beat)
    per_second = grid.sample_rate / grid.hop_length
    shortest = max(2, int(np.floor(60.0 / settings.highest_tempo * per_second)))
    longest = int(np.ceil(60.0 / settings.lowest_tempo * per_second))
    if n_frames <= longest + 1:
        return np.flatnonzero(_is_peak(beat) & (beat > 0.3)).astype(np.int64)
    gaps = np.arange(shortest, longest + 1)
    n_gaps = len(gaps)
    gain = _gains(beat) - settings.reluctance
    change = _changes(gaps, settings)
    octaves = np.log(60.0 * per_second / gaps / settings.usual_tempo)
    of_tempo = -settings.tempo_weight * octaves**2
    # score[t, i]: the best that ends with a beat at t whose next gap will be gaps[i]. Only the
    # longest gap back is examined again.
    size = longest + shortest
    score = np.full((size, n_gaps), -np.inf)
    came_from = np.full((n_frames, n_gaps), -1, dtype=np.int16)
    last = max(0, n_frames - longest)  # the next beat would come after the end
    final_score, final = -np.inf, (0, 0)
    index = np.arange(n_gaps)
    # As many frames at once as the shortest gap is long: none depends on another of them.
    for start in range(0, n_frames, shortest):
        if on_frames is not None and start % _CHECK_EVERY < shortest:
            on_frames(start)
        at = np.arange(start, min(start + shortest, n_frames))
        before = at[:, None] - gaps[None, :]
        arrived = np.where(before >= 0, score[before % size, index], -np.inf) + of_tempo
        ways = arrived[:, :, None] + change
        choice = ways.argmax(axis=1)
        reached = np.take_along_axis(ways, choice[:, None, :], axis=1)[:, 0] + gain[at, None]
        first = np.where(at <= longest, gain[at], -np.inf)[:, None]
        later = reached > first
        came_from[at] = np.where(later, choice, -1)
        best = np.where(later, reached, first)
        score[at % size] = best
        ends = np.where((at >= last)[:, None] & (n_frames - at[:, None] <= gaps), best, -np.inf)
        if (found := float(ends.max())) > final_score:
            row, gap = np.unravel_index(int(ends.argmax()), ends.shape)
            final_score, final = found, (start + int(row), int(gap))
    if not np.isfinite(final_score):
        return np.zeros(0, dtype=np.int64)
    t, i = final
    frames = [t]
    while (former := int(came_from[t, i])) >= 0:
        t, i = t - int(gaps[former]), former
        frames.append(t)
    return _without_silent_ends(beat, np.array(frames[::-1], dtype=np.int64))


def _changes(gaps: Frames, settings: BeatSettings) -> Doubles:
    """From the gap before a beat (rows) to the one after it (columns).

    Not normalised: a tempo that stays costs nothing, or fewer beats would be likelier than more.
    """
    change: Doubles = -settings.steadiness * np.abs(np.log(gaps[:, None] / gaps[None, :]))
    by_one = np.abs(gaps[:, None] - gaps[None, :]) == 1
    change[by_one] = np.maximum(change[by_one], -settings.step)
    return change


def _without_silent_ends(beat: Doubles, frames: Frames) -> Frames:
    """The beats from the first to the last with any activation."""
    heard = np.flatnonzero(_near(beat, frames) >= _HEARD)
    return frames[heard[0] : heard[-1] + 1] if len(heard) else frames[:0]


def _gains(beat: Doubles) -> Doubles:
    """The value of a beat at each frame: the log odds that one is there.

    A beat between two frames is shared by them, so that the evidence is the sum over three.
    """
    evidence = np.convolve(beat, np.ones(3), mode="same")
    evidence = np.clip(evidence, _LEAST_EVIDENCE, 1.0 - _LEAST_EVIDENCE)
    # Between two frames with the same sum the higher one is meant.
    gains: Doubles = np.log(evidence / (1.0 - evidence)) + 0.1 * beat
    return gains


def _is_peak(values: Doubles) -> npt.NDArray[np.bool_]:
    padded = np.pad(values, 1, constant_values=-1.0)
    return (values > padded[:-2]) & (values >= padded[2:])


def _refined(beat: Doubles, frames: Frames) -> Doubles:
    """Positions with sub-frame precision: the centroid around each beat."""
    around = np.arange(-_NEAR, _NEAR + 1)
    rows = np.clip(frames[:, None] + around, 0, len(beat) - 1)
    weight = beat[rows]
    total = weight.sum(axis=1)
    shift = np.where(total > 0.2, (weight * around).sum(axis=1) / np.maximum(total, _TINY), 0.0)
    positions = frames + np.clip(shift, -1.0, 1.0)
    # Beats lie many frames apart, so that they stay in order.
    return np.maximum.accumulate(positions)


def _near(values: Doubles, frames: Frames) -> Doubles:
    rows = np.clip(frames[:, None] + np.arange(-_NEAR, _NEAR + 1), 0, len(values) - 1)
    highest: Doubles = values[rows].max(axis=1)
    return highest


def _bars(
    downbeat: Doubles, shares: dict[int, float], meter_change: float
) -> npt.NDArray[np.bool_]:
    """Which beats begin a bar: Viterbi over the place in bars of each meter.

    Parameters
    ----------
    downbeat : np.ndarray, shape (n_beats,)
        Probability of each beat.
    shares : dict
        How likely each number of beats to a bar is, whatever that sums up to.
    meter_change : float
        As in ``BeatSettings``.
    """
    hit = np.log(np.maximum(downbeat, _TINY))
    miss = np.log(np.maximum(1.0 - downbeat, _TINY))
    states = [(meter, place) for meter in shares for place in range(meter)]
    number = {state: at for at, state in enumerate(states)}
    first = np.array([place == 0 for _, place in states])
    total = sum(shares.values())
    stays = np.log(1.0 - meter_change) if len(shares) > 1 else 0.0
    step = np.full((len(states), len(states)), -np.inf)
    for meter, place in states:
        here = number[meter, place]
        if place + 1 < meter:
            step[here, number[meter, place + 1]] = 0.0
            continue
        for other, share in shares.items():
            moves = np.log(meter_change * share / total)
            step[here, number[other, 0]] = stays if other == meter else moves
    start = np.array([np.log(shares[meter] / total / meter) for meter, _ in states])
    score = start + np.where(first, hit[0], miss[0])
    paths = np.zeros((len(downbeat), len(states)), dtype=np.int64)
    for beat in range(1, len(downbeat)):
        ways = score[:, None] + step
        paths[beat] = ways.argmax(axis=0)
        score = ways.max(axis=0) + np.where(first, hit[beat], miss[beat])
    at = int(score.argmax())
    found = [at]
    for beat in range(len(downbeat) - 1, 0, -1):
        at = int(paths[beat, at])
        found.append(at)
    is_downbeat: npt.NDArray[np.bool_] = first[np.array(found[::-1])]
    return is_downbeat
