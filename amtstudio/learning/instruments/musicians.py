"""How a phrase is played: joined or detached, bent, slid, with vibrato, in or out of tune."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from amtstudio.learning.instruments.playing import CONTROL_HZ, Gesture

if TYPE_CHECKING:
    import numpy.typing as npt

    Notes = npt.NDArray[np.float64]
    Curve = npt.NDArray[np.float64]

# Plucked and struck sounds decay and may ring on; bowed and blown ones are held and joined; an
# organ, an accordion or a synthesiser holds its notes as they were struck.
Manner = Literal["plucked", "struck", "bowed", "blown", "sung", "organ", "drum"]
_NEIGHBOUR_S = 0.08  # notes closer than this may be joined
_TAIL_S = 0.5  # of a curve after the note
_SLOWEST_ATTACK = 0.4  # of the note: who plays short notes begins them faster
_TOGETHER_S = 0.04  # notes that begin within it are one chord
_STOPPED_S = 0.01  # how long a string that is plucked again takes to be silent
_IN_COMMON = 0.7071  # of how far a chord's notes are out of tune; as much is each one's own
_BENT_CHORDS = 0.15  # how much rarer chords are bent than single notes


@dataclass(frozen=True)
class Habits:
    """One player's habits throughout a clip; shares are of the notes they could apply to."""

    tuning: float  # semitones: the instrument's
    intonation: float  # semitones, standard deviation of each note
    joined: float
    glide: float  # of the joined notes: slide from pitch to pitch, audibly
    scoop: float  # start below the note
    vibrato: float
    vibrato_hz: float
    vibrato_depth: float  # semitones, amplitude
    bend: float  # pushed strings, up; bent reeds, down
    swell: float
    attack_s: float
    release_s: float
    tremolo: float  # depth of a wavering loudness
    has_one_breath: bool = False  # or bow, or bellows: a chord swells and wavers as one
    is_reed: bool = False  # of a harmonica


def draw_habits(manner: Manner, rng: np.random.Generator, *, is_harmonica: bool = False) -> Habits:
    """A player of an instrument of this manner."""
    u = rng.uniform
    far = u(-0.45, 0.45) if rng.random() < 0.08 else rng.normal(0.0, 0.08)
    tuning = float(np.clip(far, -0.48, 0.48))
    if manner in ("struck", "organ", "drum"):
        trembles = u(0.0, 0.12) if manner == "organ" and rng.random() < 0.3 else 0.0
        return Habits(
            tuning, 0.02, 0.0, 0.0, 0.0, 1.0 if trembles else 0.0, u(4.5, 7.0), trembles, 0.0,
            0.4 if manner == "organ" else 0.0, 0.0, u(0.03, 0.25), 0.0,
            has_one_breath=manner == "organ",
        )  # fmt: skip
    if manner == "plucked":
        return Habits(
            tuning, u(0.01, 0.06), u(0.0, 0.35), u(0.1, 0.6), u(0.0, 0.12), u(0.0, 0.4),
            u(4.0, 6.5), u(0.05, 0.35), u(0.0, 0.25), 0.0, 0.0,
            float(np.exp(u(np.log(0.015), np.log(0.15)))), 0.0,
        )  # fmt: skip
    if manner == "sung":
        # A solo singer sings in a tuning of her own.
        own = u(-0.5, 0.5) if rng.random() < 0.5 else tuning
        return Habits(
            own, u(0.05, 0.3), rng.choice([0.1, 0.4, 0.9]), u(0.3, 1.0),
            u(0.1, 0.8), u(0.1, 0.9), u(4.5, 6.8), u(0.1, 0.9), 0.0, u(0.2, 0.8),
            u(0.0, 0.06), u(0.02, 0.08), 0.0,
        )  # fmt: skip
    if manner == "bowed":
        return Habits(
            tuning, u(0.03, 0.15), rng.choice([0.05, 0.4, 0.8]), u(0.0, 0.5), u(0.0, 0.25),
            u(0.1, 0.95), u(4.5, 6.8), u(0.08, 0.45), 0.0, u(0.3, 0.9),
            float(rng.choice([0.0, u(0.01, 0.12)])), u(0.03, 0.2), 0.0, has_one_breath=True,
        )  # fmt: skip
    bends = u(0.05, 0.5) if is_harmonica else 0.0
    return Habits(
        tuning, u(0.02, 0.12), rng.choice([0.05, 0.4, 0.8]), u(0.0, 0.4), u(0.0, 0.3),
        u(0.0, 0.8), u(4.2, 6.5), u(0.05, 0.35), bends, u(0.2, 0.9),
        float(rng.choice([0.0, u(0.005, 0.06)])), u(0.02, 0.1),
        u(0.1, 0.6) if is_harmonica and rng.random() < 0.5 else 0.0,
        has_one_breath=True, is_reed=is_harmonica,
    )  # fmt: skip


def gestures_of(
    notes: Notes,
    habits: Habits,
    rng: np.random.Generator,
    *,
    is_line: bool,
    has_keys: bool = False,
) -> list[Gesture]:
    """Play notes, sorted by onset.

    Parameters
    ----------
    notes : np.ndarray, shape (n_notes, 4) or (n_notes, 5)
        Onset, offset in seconds, pitch, velocity; and the number of the string, where it is known.
        A string sounds one note at a time: plucked again it is silent at once, and a note that is
        not part of a chord may be hammered on, pulled off or slid to.
    is_line : bool
        All notes are one at a time.
    """
    gestures: list[Gesture] = []
    on_string: dict[int, Gesture] = {}
    starts = _chord_starts(notes)
    is_alone = np.bincount(starts, minlength=len(notes))[starts] == 1
    shares_breath = habits.has_one_breath and not is_line
    motion, of_chord = rng, habits
    for index, (onset, offset, pitch, velocity) in enumerate(notes[:, :4]):
        attack_s = habits.attack_s * rng.uniform(0.5, 1.5)
        gesture = Gesture(
            float(onset), float(offset), int(pitch), float(velocity),
            attack_s=min(attack_s, _SLOWEST_ATTACK * float(offset - onset)),
            release_s=habits.release_s, is_held_by_key=has_keys,
        )  # fmt: skip
        if shares_breath:
            if starts[index] == index:
                seed = int(rng.integers(2**32))
                rarely = _BENT_CHORDS if habits.is_reed and not is_alone[index] else 1.0
                of_chord = replace(
                    habits, bend=rarely * habits.bend, intonation=_IN_COMMON * habits.intonation
                )
            motion = np.random.default_rng(seed)
        before = gestures[-1] if is_line and gestures else None
        if notes.shape[1] > 4:
            string = int(notes[index, 4])
            before = on_string.get(string)
            if before is not None:
                fades_s = max(0.5 * (gesture.onset - before.offset), _STOPPED_S)
                before.release_s = min(before.release_s, fades_s)
            before = before if is_alone[index] else None
            on_string[string] = gesture
        _join(gesture, before, of_chord, motion)
        if shares_breath and len(gesture.bend):
            gesture.bend = gesture.bend + rng.normal(0.0, _IN_COMMON * habits.intonation)
        gestures.append(gesture)
    return gestures


def _chord_starts(notes: Notes) -> npt.NDArray[np.int64]:
    """For each note the index of the first of its chord."""
    starts = np.zeros(len(notes), dtype=np.int64)
    first = 0
    for index in range(len(notes)):
        if notes[index, 0] - notes[first, 0] >= _TOGETHER_S:
            first = index
        starts[index] = first
    return starts


def _join(
    gesture: Gesture, before: Gesture | None, habits: Habits, rng: np.random.Generator
) -> None:
    """Give a note its curve, and tie it to the one before where the player does that."""
    interval = 0
    if before is not None:
        interval = before.pitch - gesture.pitch
        near = gesture.onset - before.offset < _NEIGHBOUR_S
        gesture.is_joined = (
            near and interval != 0 and abs(interval) <= 12 and rng.random() < habits.joined
        )
    glide_s = 0.0
    if gesture.is_joined and before is not None:
        glides = rng.random() < habits.glide
        length = min(gesture.offset - gesture.onset, gesture.onset - before.onset)
        glide_s = min(rng.uniform(0.05, 0.2) if glides else rng.uniform(0.01, 0.04), length)
        gesture.before_s = float(np.ceil(max(0.5 * glide_s, 0.01) * CONTROL_HZ) / CONTROL_HZ)
        before.offset = gesture.onset
        before.release_s = max(0.4 * gesture.before_s, 0.006)
    gesture.bend = _curve(gesture, interval, glide_s, habits, rng)
    if gesture.is_joined and before is not None:
        _lead_over(before, gesture)
    gesture.swell = _swell(gesture, habits, rng)


def _times(gesture: Gesture) -> Curve:
    """Seconds from the onset of each control point."""
    count = int((gesture.before_s + gesture.offset - gesture.onset + _TAIL_S) * CONTROL_HZ) + 2
    return np.arange(count) / CONTROL_HZ - gesture.before_s


def _curve(
    gesture: Gesture, interval: int, glide_s: float, habits: Habits, rng: np.random.Generator
) -> Curve:
    times = _times(gesture)
    length = gesture.offset - gesture.onset
    curve = np.full(len(times), habits.tuning + rng.normal(0.0, habits.intonation))
    if glide_s:
        curve += interval * (1.0 - _smooth((times + glide_s / 2) / glide_s))
    elif rng.random() < habits.scoop:
        depth = float(np.exp(rng.uniform(np.log(0.25), np.log(2.2))))
        lasts = min(rng.uniform(0.03, 0.16), 0.5 * length)
        curve -= depth * np.exp(-np.maximum(times, 0.0) / (0.5 * lasts))
    if rng.random() < habits.bend and length > 0.15:
        curve += _bent(times, length, rng, is_reed=habits.is_reed)
    if rng.random() < habits.vibrato and length > 0.2:
        grows = np.clip((times - rng.uniform(0.0, 0.3)) / rng.uniform(0.05, 0.4), 0.0, 1.0)
        wave = np.sin(
            2 * np.pi * (habits.vibrato_hz * rng.uniform(0.9, 1.1) * times + rng.random())
        )
        curve += habits.vibrato_depth * rng.uniform(0.4, 1.2) * grows * wave
    if habits.intonation > 0.1:  # nobody holds a pitch quite still
        steps = rng.normal(0.0, 0.25 * habits.intonation, len(times) // 12 + 2)
        knots = np.arange(len(steps)) * 12
        curve += np.interp(np.arange(len(times)), knots, np.cumsum(steps) * 0.6)
    if habits.intonation > 0.1 and rng.random() < 0.15:  # falls off at the end
        curve -= rng.uniform(0.3, 1.5) * np.clip((times - length + 0.12) / 0.12, 0.0, 1.0)
    return curve


def _smooth(x: Curve) -> Curve:
    x = np.clip(x, 0.0, 1.0)
    eased: Curve = x * x * (3.0 - 2.0 * x)
    return eased


def _bent(times: Curve, length: float, rng: np.random.Generator, *, is_reed: bool) -> Curve:
    """A string pushed up or a reed bent down: held, released, or bent before it sounds."""
    depth = float(rng.choice([0.5, 1.0, 1.0, 2.0])) * rng.uniform(0.85, 1.1)
    rise = rng.uniform(0.05, 0.25)
    begin = rng.uniform(0.0, max(length - rise, 0.01))
    up = _smooth((times - begin) / rise)
    kind = rng.random()
    away = -depth if is_reed else depth
    if kind < 0.5:
        return away * up
    if kind < 0.75:  # and back
        return away * (up - _smooth((times - begin - rise * rng.uniform(1.0, 3.0)) / rise))
    return -depth * (1.0 - _smooth(times / rise))  # from below, as if pre-bent


def _lead_over(before: Gesture, gesture: Gesture) -> None:
    """Let the sound of the note before follow the pitch of the one that takes over."""
    reach = before.before_s + gesture.onset - gesture.before_s - before.onset
    count = max(round(reach * CONTROL_HZ), 1)
    path = gesture.bend + gesture.pitch - before.pitch
    if count >= len(before.bend):
        return
    old = before.bend[:count]
    # Its vibrato does not break off: what is left of the difference fades in a few points.
    gap = old[-1] - path[0]
    fade = np.clip(1.0 - np.arange(len(path)) / max(gesture.before_s * CONTROL_HZ, 1.0), 0.0, 1.0)
    gesture.bend = gesture.bend + gap * fade * (abs(gap) < 1.0)
    before.bend = np.concatenate([old, gesture.bend + gesture.pitch - before.pitch])


def _swell(gesture: Gesture, habits: Habits, rng: np.random.Generator) -> Curve:
    if rng.random() >= habits.swell and not habits.tremolo:
        return np.zeros(0)
    times = _times(gesture)
    length = gesture.offset - gesture.onset
    knots = np.array([-0.1, 0.0, 0.35, 0.8, 1.0]) * length
    curve = np.interp(times, knots, 10.0 ** (rng.normal(0.0, 0.12, 5)))
    if habits.tremolo:
        wave = np.sin(2 * np.pi * (habits.vibrato_hz * times + rng.random()))
        curve = curve * (1.0 - habits.tremolo * (0.5 + 0.5 * wave))
    return curve
