"""The likeliest beats and bars, given how likely each frame is one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.features import FrameGrid
from amtstudio.symbolic.tempo import TempoMap

Doubles = npt.NDArray[np.float64]
Probs = npt.NDArray[np.floating]

_TINY = 1e-6
_HEARD = 0.1  # a beat below it is only there to join others
_LEAST_EVIDENCE = 0.02  # however sure the activation is: one beat more or less is no proof


@dataclass(frozen=True, slots=True)
class BeatSettings:
    """What is taken for a beat.

    Attributes
    ----------
    lowest_tempo, highest_tempo : float, beats a minute
    steadiness : float
        What a change of tempo from one beat to the next costs: this much of the log odds for a
        change by the factor e.
    reluctance : float
        What a beat costs, in log odds, where the activation says "beat" too easily: a network that
        was trained with a larger weight on beats does.
    meters : tuple of int
        Beats to a bar that are looked for.
    meter_change : float
        Probability that a bar has another number of beats than the one before.
    """

    lowest_tempo: float = 40.0
    highest_tempo: float = 220.0
    steadiness: float = 60.0
    reluctance: float = 0.0
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
        if not abs(self.reluctance) < float("inf"):
            raise ValueError(f"reluctance must be finite, got {self.reluctance}")
        if not self.meters or not all(1 <= meter <= 12 for meter in self.meters):
            raise ValueError(f"meters must be 1 to 12, got {self.meters}")
        if not 0.0 < self.meter_change < 1.0:
            raise ValueError(f"meter_change must lie in (0, 1), got {self.meter_change}")


def decode_beats(
    beat: Probs, downbeat: Probs, grid: FrameGrid, settings: BeatSettings | None = None
) -> TempoMap | None:
    """The beats of a recording; None where there are not two of them.

    First the sequence of beats that best explains the beat activation, where the time to the next
    beat seldom changes by much; then, among these beats, the bars that best explain the downbeat
    activation.

    Parameters
    ----------
    beat, downbeat : np.ndarray, shape (n_frames,)
        Probability in [0, 1] that a beat, or the first beat of a bar, falls on each frame.
    grid : FrameGrid
    settings : BeatSettings, optional

    References
    ----------
    Krebs, Böck & Widmer, "An efficient state-space model for joint tempo and meter tracking",
    ISMIR 2015, for the transitions of tempo; here as a segmental Viterbi search, whose states are
    the beats alone, and with the bars found afterwards.
    """
    settings = settings or BeatSettings()
    frames = _beat_frames(np.asarray(beat, np.float64), grid, settings)
    if len(frames) < 2:
        return None
    positions = _refined(np.asarray(beat, np.float64), frames)
    is_downbeat = _bars(_near(np.asarray(downbeat, np.float64), frames), settings)
    seconds = positions * grid.hop_length / grid.sample_rate
    return TempoMap(seconds, is_downbeat)


def _beat_frames(beat: Doubles, grid: FrameGrid, settings: BeatSettings) -> npt.NDArray[np.int64]:
    """The frames of the likeliest sequence of beats."""
    n_frames = len(beat)
    per_second = grid.sample_rate / grid.hop_length
    shortest = max(2, int(np.floor(60.0 / settings.highest_tempo * per_second)))
    longest = int(np.ceil(60.0 / settings.lowest_tempo * per_second))
    if n_frames <= longest + 1:
        return np.flatnonzero(_is_peak(beat) & (beat > 0.3)).astype(np.int64)
    gaps = np.arange(shortest, longest + 1)
    gain = _gains(beat) - settings.reluctance
    # From the gap before a beat (rows) to the one after it (columns). Not normalised: a tempo that
    # stays costs nothing, or fewer beats would be likelier than more.
    change = -settings.steadiness * np.abs(np.log(gaps[:, None] / gaps[None, :]))
    # score[t, i]: the best that ends with a beat at t whose next gap will be gaps[i].
    score = np.full((n_frames, len(gaps)), -np.inf)
    came_from = np.full((n_frames, len(gaps)), -1, dtype=np.int16)
    index = np.arange(len(gaps))
    for t in range(n_frames):
        first = gain[t] if t <= longest else -np.inf
        before = t - gaps
        known = before >= 0
        best = np.full(len(gaps), first)
        if known.any():
            arrived = np.full(len(gaps), -np.inf)  # of each gap that ends here
            arrived[known] = score[before[known], index[known]]
            ways = arrived[:, None] + change
            choice = ways.argmax(axis=0)
            reached = ways[choice, index] + gain[t]
            later = reached > first
            best[later] = reached[later]
            came_from[t, later] = choice[later]
        score[t] = best
    last = np.arange(max(0, n_frames - longest), n_frames)  # the next would come after the end
    final = score[last].copy()
    final[(n_frames - last)[:, None] > gaps[None, :]] = -np.inf
    if not np.isfinite(final).any():
        return np.zeros(0, dtype=np.int64)
    row, gap = np.unravel_index(int(final.argmax()), final.shape)
    t, i = int(last[row]), int(gap)
    found = [t]
    while (former := int(came_from[t, i])) >= 0:
        t, i = t - int(gaps[former]), former
        found.append(t)
    return _without_silent_ends(beat, np.array(found[::-1], dtype=np.int64))


def _without_silent_ends(beat: Doubles, frames: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The beats from the first to the last that something was heard of."""
    heard = np.flatnonzero(_near(beat, frames) >= _HEARD)
    return frames[heard[0] : heard[-1] + 1] if len(heard) else frames[:0]


def _gains(beat: Doubles) -> Doubles:
    """What a beat on each frame is worth: the log odds that one is there.

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


def _refined(beat: Doubles, frames: npt.NDArray[np.int64]) -> Doubles:
    """Positions in frames, finer than one: the centroid of what lies beside each beat."""
    around = np.arange(-2, 3)
    rows = np.clip(frames[:, None] + around, 0, len(beat) - 1)
    weight = beat[rows]
    total = weight.sum(axis=1)
    shift = np.where(total > 0.2, (weight * around).sum(axis=1) / np.maximum(total, _TINY), 0.0)
    positions = frames + np.clip(shift, -1.0, 1.0)
    # Beats lie many frames apart, so that they stay in order.
    return np.maximum.accumulate(positions)


def _near(values: Doubles, frames: npt.NDArray[np.int64]) -> Doubles:
    rows = np.clip(frames[:, None] + np.arange(-2, 3), 0, len(values) - 1)
    highest: Doubles = values[rows].max(axis=1)
    return highest


def _bars(downbeat: Doubles, settings: BeatSettings) -> npt.NDArray[np.bool_]:
    """Which beats begin a bar: Viterbi over the place in bars of each meter.

    Parameters
    ----------
    downbeat : np.ndarray, shape (n_beats,)
        Probability of each beat.
    """
    hit = np.log(np.maximum(downbeat, _TINY))
    miss = np.log(np.maximum(1.0 - downbeat, _TINY))
    states = [(meter, place) for meter in settings.meters for place in range(meter)]
    number = {state: at for at, state in enumerate(states)}
    first = np.array([place == 0 for _, place in states])
    n_meters = len(settings.meters)
    stays = np.log(1.0 - settings.meter_change) if n_meters > 1 else 0.0
    moves = np.log(settings.meter_change / max(n_meters - 1, 1))
    step = np.full((len(states), len(states)), -np.inf)
    for meter, place in states:
        here = number[meter, place]
        if place + 1 < meter:
            step[here, number[meter, place + 1]] = 0.0
            continue
        for other in settings.meters:
            step[here, number[other, 0]] = stays if other == meter else moves
    score = np.full(len(states), -np.log(len(states))) + np.where(first, hit[0], miss[0])
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
