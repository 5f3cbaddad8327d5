"""Beats put right: each function gives another map, and none changes the one it is given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.meter import Meter
from amtstudio.symbolic.tempo import TempoMap

_CLOSEST_S = 0.05  # two beats
_SLOWEST, _FASTEST = 15.0, 400.0  # beats a minute
_FEWEST = 2
_BARS_BEFORE = 4  # that say how many beats the next have
_TOO_FEW = "at least two beats must remain; Remove Bars and Beats removes them all"


def halved(tempo: TempoMap) -> TempoMap:
    """Half as many beats, at half the tempo; each bar keeps its first beat where it can.

    Raises ``ValueError`` if fewer than two would be left.
    """
    first = int(np.argmax(tempo.is_downbeat)) % 2 if tempo.is_downbeat.any() else 0
    kept = np.arange(first, len(tempo.beats), 2)
    if len(kept) < _FEWEST:
        raise ValueError(_TOO_FEW)
    downs = tempo.is_downbeat[kept]
    if tempo.is_downbeat.any():
        meter = tempo.meter
        n_beats = 4 if meter is None else meter.n_beats
        # Bars of three cannot be halved: so many of the longer beats make one of the new bars.
        per_bar = n_beats // 2 if n_beats % 2 == 0 and n_beats > 2 else n_beats
        start = int(np.argmax(downs))
        downs = (np.arange(len(kept)) - start) % per_bar == 0
    return replace(tempo, beats=tempo.beats[kept], is_downbeat=downs)


def doubled(tempo: TempoMap) -> TempoMap:
    """A beat more between every two, at twice the tempo; bars of as many beats as before.

    Raises ``ValueError`` beyond 400 beats a minute.
    """
    if 2.0 * tempo.tempo > _FASTEST:
        raise ValueError(f"beats cannot be faster than {_FASTEST:g} a minute")
    between = (tempo.beats[:-1] + tempo.beats[1:]) / 2
    beats = np.sort(np.concatenate([tempo.beats, between]))
    meter = tempo.meter
    downs = np.zeros(len(beats), bool)
    downs[::2] = tempo.is_downbeat
    if meter is not None and meter.n_beats >= 3:
        # Bars keep their number of beats, and so become half as long in time.
        start = int(np.argmax(downs))
        downs = (np.arange(len(beats)) - start) % meter.n_beats == 0
    return replace(tempo, beats=beats, is_downbeat=downs)


def with_meter(tempo: TempoMap, meter: Meter) -> TempoMap:
    """Bars of so many beats throughout, counted from the first one that begins now."""
    start = int(np.argmax(tempo.is_downbeat))
    downs = (np.arange(len(tempo.beats)) - start) % meter.n_beats == 0
    return replace(
        tempo, is_downbeat=downs, beat_unit=meter.beat_unit, is_compound=meter.is_compound
    )


def with_bar_at(tempo: TempoMap, second: float) -> TempoMap:
    """A bar begins with the beat nearest to ``second``, and the others follow from there."""
    nearest = int(np.abs(tempo.beats - second).argmin())
    meter = tempo.meter or tempo.meter_of(4)
    downs = (np.arange(len(tempo.beats)) - nearest) % meter.n_beats == 0
    return replace(tempo, is_downbeat=downs)


def with_bars_from(tempo: TempoMap, second: float, meter: Meter | None = None) -> TempoMap:
    """Bars counted anew from the beat nearest to ``second`` on; those before stay as they are.

    ``meter`` is that of the new bars, by default that of the bars before.

    Raises ``ValueError`` if its beats are of another kind than those of the piece.
    """
    nearest = int(np.abs(tempo.beats - second).argmin())
    if meter is None:
        n_beats = _usual_before(tempo, nearest)
    elif (meter.beat_unit, meter.is_compound) == (tempo.beat_unit, tempo.is_compound):
        n_beats = meter.n_beats
    else:
        raise ValueError(
            f"from here on only the number of beats in a bar can change: {meter} has beats of"
            " another kind"
        )
    anew = (np.arange(len(tempo.beats)) - nearest) % n_beats == 0
    downs = np.where(np.arange(len(tempo.beats)) < nearest, tempo.is_downbeat, anew)
    return replace(tempo, is_downbeat=downs)


def _usual_before(tempo: TempoMap, index: int) -> int:
    """Beats to a bar of the last bars before a beat, or where there are none of the piece."""
    starts = np.flatnonzero(tempo.is_downbeat[:index])[-_BARS_BEFORE - 1 :]
    lengths = np.diff(starts)
    if len(lengths):
        return int(np.bincount(lengths).argmax())
    return (tempo.meter or tempo.meter_of(4)).n_beats


def even_beats(
    bpm: float, meter: Meter, *, first: float, duration: float, place: int = 0
) -> TempoMap:
    """Beats at one tempo, one of them at ``first``; from 0 s to the end.

    Parameters
    ----------
    bpm : float
        15 to 400.
    meter : Meter
    first, duration : float, seconds
    place : int
        Of the beat at ``first`` in its bar, from 0.
    """
    if not _SLOWEST <= bpm <= _FASTEST:
        raise ValueError(f"a tempo must be between {_SLOWEST:g} and {_FASTEST:g}, not {bpm:g}")
    gap = 60.0 / bpm
    before = max(0, int(np.floor(first / gap + 1e-9)))
    after = max(1, int(np.ceil((duration - first) / gap)))
    steps = np.arange(-before, after + 1)
    downs = (steps + place) % meter.n_beats == 0
    beats = np.asarray(first + gap * steps, np.float64)
    return TempoMap(beats, downs, meter.beat_unit, meter.is_compound)


def with_beat_moved(tempo: TempoMap, index: int, second: float) -> TempoMap:
    """One beat elsewhere, at least a twentieth of a second from its neighbours."""
    beats = tempo.beats.copy()
    lowest = beats[index - 1] + _CLOSEST_S if index > 0 else -np.inf
    highest = beats[index + 1] - _CLOSEST_S if index + 1 < len(beats) else np.inf
    if lowest > highest:
        raise ValueError(
            "there is no room between the neighbouring beats; remove one of them first"
        )
    beats[index] = min(max(second, lowest), highest)
    return replace(tempo, beats=beats)


def with_beat_added(tempo: TempoMap, second: float) -> TempoMap:
    """Add a beat. Raises ``ValueError`` if there is one within a twentieth of a second."""
    if np.abs(tempo.beats - second).min() < _CLOSEST_S:
        raise ValueError("there is already a beat here; move that one")
    at = int(np.searchsorted(tempo.beats, second))
    return replace(
        tempo,
        beats=np.insert(tempo.beats, at, second),
        is_downbeat=np.insert(tempo.is_downbeat, at, False),
    )


def without_beat(tempo: TempoMap, index: int) -> TempoMap:
    """One beat less; where it began a bar, the next one does.

    Raises ``ValueError`` where there are but two.
    """
    if len(tempo.beats) <= _FEWEST:
        raise ValueError(_TOO_FEW)
    downs = tempo.is_downbeat.copy()
    if downs[index] and index + 1 < len(downs):
        downs[index + 1] = True
    return replace(tempo, beats=np.delete(tempo.beats, index), is_downbeat=np.delete(downs, index))


def tapped(tempo: TempoMap | None, taps: npt.ArrayLike, meter: Meter | None = None) -> TempoMap:
    """The tapped beats, in place of those in that stretch.

    A bar begins with the first tap where there were no bars; else bars go on as they were counted
    before the taps.
    """
    times = np.unique(np.asarray(taps, np.float64))
    if len(times) < 2:
        raise ValueError("tap at least two beats")
    if tempo is None:
        meter = meter or Meter()
        downs = np.arange(len(times)) % meter.n_beats == 0
        return TempoMap(times, downs, meter.beat_unit, meter.is_compound)
    margin = float(np.median(np.diff(times))) / 2
    before = tempo.beats < times[0] - margin
    after = tempo.beats > times[-1] + margin
    n_beats = (tempo.meter or tempo.meter_of(4)).n_beats
    bars = np.flatnonzero(tempo.is_downbeat[before])
    to_next = n_beats - (int(before.sum()) - int(bars[-1])) if len(bars) else 0
    downs = (np.arange(len(times)) - to_next) % n_beats == 0
    return replace(
        tempo,
        beats=np.concatenate([tempo.beats[before], times, tempo.beats[after]]),
        is_downbeat=np.concatenate([tempo.is_downbeat[before], downs, tempo.is_downbeat[after]]),
    )
