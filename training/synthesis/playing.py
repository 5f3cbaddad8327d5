"""How a piano sounds what is played on it: each string that is struck, before any room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from training.synthesis.performance import Performance

    Floats = npt.NDArray[np.float64]

RESTRIKE_S = 0.02  # between the end of a note and the next blow on its string
HIGHEST_DAMPED_PITCH = 89  # the keys above have no damper
MIDDLE_PITCH = 66


@dataclass(frozen=True)
class PianoVariation:
    """What makes another piano of a sampled one.

    Attributes
    ----------
    hardness : float, -0.6 to 0.6
        Of the hammers: how much stronger the highest partials of loud notes are, and how much
        weaker those of soft ones, than recorded. Felt hardens where it is pressed.
    stretch_cents : float
        By how much an octave is tuned wider than on the sampled piano, growing from the middle of
        the keyboard to its ends: strings of different stiffness require that.
    decay : float, 1/s
        By how much faster (or, below 0, slower) a middle string decays.
    unison_cents : float
        Between the strings of a key; 0: as sampled.
    unison_share : float, 0 to 1
        How loud the neighbouring string is relative to the first.
    """

    hardness: float = 0.0
    stretch_cents: float = 0.0
    decay: float = 0.0
    unison_cents: float = 0.0
    unison_share: float = 0.0

    def brightness(self, velocities: Floats) -> Floats:
        """Of each note, what ``brightened`` takes, from -0.45 (dull) to 0.6."""
        loudness = (velocities - 64.0) / 64.0
        bright: Floats = np.clip(self.hardness * (0.4 + 0.6 * loudness), -0.45, 0.6)
        return bright

    def tuning(self, pitches: Floats) -> Floats:
        """Of each key, cents."""
        octaves = (pitches - MIDDLE_PITCH) / 12.0
        cents: Floats = 0.5 * self.stretch_cents * octaves * np.abs(octaves)
        return cents

    def decays(self, pitches: Floats) -> Floats:
        """Of each key, 1/s: what is high dies away sooner, and changes by more."""
        rates: Floats = self.decay * 2.0 ** ((pitches - MIDDLE_PITCH) / 24.0)
        return rates


AS_SAMPLED = PianoVariation()


def draw_variation(rng: np.random.Generator) -> PianoVariation:
    """A piano that may stand somewhere: each of the four differs for about half of them."""
    hardness = rng.uniform(-0.6, 0.6) if rng.random() < 0.6 else 0.0
    stretch = rng.uniform(-1.0, 3.0) if rng.random() < 0.5 else 0.0
    decay = rng.uniform(-0.15, 1.0) if rng.random() < 0.5 else 0.0
    unison = share = 0.0
    if rng.random() < 0.4:
        unison = float(np.exp(rng.uniform(np.log(0.3), np.log(6.0)))) * rng.choice([-1.0, 1.0])
        share = rng.uniform(0.3, 1.0)
    return PianoVariation(hardness, stretch, decay, unison, share)


@dataclass(frozen=True)
class Playing:
    """Strings that are struck, one to a row; arrays of shape (n_strings,).

    Attributes
    ----------
    onsets : np.ndarray
        Seconds from the start of the clip.
    held : np.ndarray
        Seconds from the onset until a damper or another blow stops the string; inf: nothing does.
    fades : np.ndarray
        Seconds in which it falls to 1/e then.
    pitches : np.ndarray of int64
    velocities : np.ndarray
    gains : np.ndarray
        Linear, on top of the bank's own.
    cents : np.ndarray
        Against the tuning of the bank.
    decays : np.ndarray, 1/s
        By how much faster it dies away than the recorded one.
    brightness : np.ndarray
    """

    onsets: Floats
    held: Floats
    fades: Floats
    pitches: npt.NDArray[np.int64]
    velocities: Floats
    gains: Floats
    cents: Floats
    decays: Floats
    brightness: Floats


def draw_playing(
    performance: Performance,
    rng: np.random.Generator,
    *,
    uneven_cents: float = 0.0,
    as_sampled: bool = False,
    variation: PianoVariation = AS_SAMPLED,
) -> Playing:
    """Decide how the instrument under the hands behaves.

    ``uneven_cents`` is the standard deviation of the tuning from key to key. ``as_sampled`` leaves
    the keys as loud against each other as they were recorded.
    """
    onsets, _, ends, sounded, velocities = performance.notes.T
    pitches = sounded.astype(np.int64)
    tunings = rng.normal(0.0, uneven_cents, 128)
    # Seconds: how slowly this piano's felt stops a string.
    damping = float(np.exp(rng.uniform(np.log(0.03), np.log(0.2))))
    # Actions differ in how much softer a soft touch is: more than the samples say, as a rule.
    touch_db = rng.uniform(-4.0, 24.0)  # for a decade of velocity, on top of the bank's own
    ringing = rng.uniform(0.1, 0.6)  # seconds: how long a string rings on under the next blow
    # Hammers wear and are voiced one by one: no two keys are equally loud.
    voicing = 10.0 ** (rng.normal(0.0, rng.uniform(0.0, 3.0), 128) / 20.0)
    if as_sampled:
        touch_db, voicing = 0.0, np.ones(128)
    touch = 10.0 ** (touch_db * np.log10(velocities / 64.0) / 20.0)
    # A hammer does not silence a string as a damper does.
    dampers = damping * np.where(pitches < 48, 1.6, 1.0)
    playing = Playing(
        onsets=onsets,
        held=np.where(pitches > HIGHEST_DAMPED_PITCH, np.inf, ends - onsets),
        fades=np.where(restruck(performance.notes), ringing, dampers),
        pitches=pitches,
        velocities=velocities,
        gains=touch * voicing[pitches],
        cents=tunings[pitches] + variation.tuning(sounded),
        decays=variation.decays(sounded),
        brightness=variation.brightness(velocities),
    )
    if not variation.unison_share:
        return playing
    return _with_unisons(playing, variation)


def _with_unisons(playing: Playing, variation: PianoVariation) -> Playing:
    """Every string and one beside it, together as loud as they are when they meet."""
    first = 1.0 / (1.0 + variation.unison_share)
    columns = {name: np.concatenate([values, values]) for name, values in vars(playing).items()}
    gains = playing.gains * first
    columns["gains"] = np.concatenate([gains, gains * variation.unison_share])
    columns["cents"] = np.concatenate([playing.cents, playing.cents + variation.unison_cents])
    return Playing(**columns)


def restruck(notes: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which notes, shape (n_notes, 5), sound until their own key is struck again."""
    again = np.zeros(len(notes), dtype=bool)
    for pitch in np.unique(notes[:, 3]):
        same = np.flatnonzero(notes[:, 3] == pitch)
        same = same[np.argsort(notes[same, 0])]
        again[same[:-1]] = notes[same[1:], 0] - notes[same[:-1], 2] < RESTRIKE_S
    return again


def brightened(samples: npt.NDArray[np.float32], brightness: float) -> npt.NDArray[np.float32]:
    """More (above 0) or less of the treble: a gain of ``1 + brightness`` at half the Nyquist rate.

    Three samples make one, so that nothing moves in time.
    """
    bright = samples.copy()
    around = 0.5 * (samples[:-2] + samples[2:])
    bright[1:-1] += np.float32(brightness) * (samples[1:-1] - around)
    return bright
