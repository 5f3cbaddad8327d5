"""Single notes with a pitch that moves: gestures, and the sources that sound them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from amtstudio.learning.recording_conditions import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy.typing as npt

    Audio = npt.NDArray[np.float32]
    Curve = npt.NDArray[np.float64]

CONTROL_HZ = 100  # points a second of contours and envelopes
_CONTROL_HOP = SAMPLE_RATE // CONTROL_HZ
_RELEASES = 4.0  # time constants that a released note is followed for
_DIED_AWAY = 1.15  # time constants after which a released note is 10 dB softer


@dataclass
class Gesture:
    """One note as it is to be played.

    Attributes
    ----------
    onset, offset : float
        Seconds; the offset is where key, finger, bow or breath is released.
    pitch : int
        The key that the note is written on.
    velocity : float
    bend : np.ndarray
        Semitones relative to ``pitch`` from the onset on, ``CONTROL_HZ`` values per second; the
        last value is held. Empty: none.
    swell : np.ndarray
        Gain over the same time. Empty: 1.
    attack_s : float
        Fade at the start, on top of the sample's own attack.
    release_s : float
        Time constant of the sound's end.
    is_held_by_key : bool
        It ends where the key is released, as a keyboard reports it; other notes last until they
        have decayed, which is where human annotators place their ends.
    is_joined : bool
        Not struck, bowed or tongued again: it continues the previous note.
    before_s : float
        How long before the onset a joined note becomes audible.
    """

    onset: float
    offset: float
    pitch: int
    velocity: float
    bend: Curve = field(default_factory=lambda: np.zeros(0))
    swell: Curve = field(default_factory=lambda: np.zeros(0))
    attack_s: float = 0.0
    release_s: float = 0.05
    is_held_by_key: bool = False
    is_joined: bool = False
    before_s: float = 0.0


class Source(Protocol):
    """Anything that a note can be played on."""

    def sound(
        self, gesture: Gesture, path: Curve, rng: np.random.Generator
    ) -> tuple[Audio, int, int]:
        """Sound a note of the length of ``path``.

        Parameters
        ----------
        gesture : Gesture
        path : np.ndarray
            Absolute pitch in semitones, one value every ``SAMPLE_RATE / CONTROL_HZ`` samples, from
            ``gesture.before_s`` before the onset on.

        Returns
        -------
        audio : np.ndarray, float32
        lead : int
            Samples of it before the onset.
        audible : int
            Samples from the onset to where it is no longer audible; at most the length of
            ``audio``.
        """


def play(
    gestures: list[Gesture],
    source: Source,
    n_samples: int,
    start_s: float,
    rng: np.random.Generator,
) -> tuple[Audio, npt.NDArray[np.float64]]:
    """Add up gestures; sample 0 is ``start_s`` seconds.

    Returns
    -------
    audio : np.ndarray, shape (n_samples,)
    ends : np.ndarray, shape (n_gestures,)
        Seconds at which each is no longer audible: released and, except for keys, 10 dB softer;
        faded; or at the end of its recording. NaN for one that does not sound at all.
    """
    audio = np.zeros(n_samples, dtype=np.float32)
    ends = np.full(len(gestures), np.nan)
    for index, gesture in enumerate(gestures):
        held = gesture.offset - gesture.onset
        tail = _RELEASES * gesture.release_s
        n_control = int(np.ceil((gesture.before_s + held + tail) * CONTROL_HZ)) + 2
        before = round(gesture.before_s * CONTROL_HZ)
        path = gesture.pitch + _lasting(gesture.bend, n_control)
        sound, lead, audible = source.sound(gesture, path, rng)
        if not len(sound):
            continue
        sound = _shaped(sound, gesture, lead, held, before)
        first = round((gesture.onset - start_s) * SAMPLE_RATE) - lead
        skipped = max(0, -first)
        part = sound[skipped : max(0, n_samples - first)]
        if not len(part):
            continue
        begin = max(first, 0)
        audio[begin : begin + len(part)] += part
        lasts = held + (0.0 if gesture.is_held_by_key else _DIED_AWAY * gesture.release_s)
        heard = min(lasts, audible / SAMPLE_RATE)
        if heard > 0.0:
            ends[index] = gesture.onset + heard
    return audio, ends


def _lasting(curve: Curve, n_control: int) -> Curve:
    if not len(curve):
        return np.zeros(n_control)
    if len(curve) >= n_control:
        return curve[:n_control]
    return np.concatenate([curve, np.full(n_control - len(curve), curve[-1])])


def _shaped(sound: Audio, gesture: Gesture, lead: int, held: float, before: int) -> Audio:
    """Attack, swell and release, in place."""
    n_held = lead + round(held * SAMPLE_RATE)
    if len(gesture.swell):
        points = np.arange(len(gesture.swell)) * _CONTROL_HOP + lead - before * _CONTROL_HOP
        sound *= np.interp(np.arange(len(sound)), points, gesture.swell).astype(np.float32)
    if gesture.is_joined:
        n_fade = min(max(2 * lead, 80), len(sound))
        sound[:n_fade] *= np.sin(np.linspace(0.0, np.pi / 2, n_fade)).astype(np.float32)
    elif gesture.attack_s > 0.0:
        n_fade = min(lead + round(gesture.attack_s * SAMPLE_RATE), len(sound))
        sound[:n_fade] *= np.linspace(0.0, 1.0, n_fade, dtype=np.float32)
    if n_held < len(sound):
        count = np.arange(len(sound) - n_held, dtype=np.float32)
        sound[n_held:] *= np.exp(-count / np.float32(gesture.release_s * SAMPLE_RATE))
    return sound
