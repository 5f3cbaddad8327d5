"""Plays tracks on the programs of a SoundFont that the user has chosen."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import soxr

from amtstudio.playback.recorded_notes import HELD_S, SEAM_S, attack_of, loop_start, seamless
from amtstudio.playback.sample_bank import FULL_SCALE, Resampled, Sound, SoundCache
from amtstudio.playback.soundfont_file import DRUM_BANK, SoundFontFile, Zone
from amtstudio.playback.voices import KIT_DAMPING, MAX_HELD_S, Damping

if TYPE_CHECKING:
    from amtstudio.playback.instrument_set import Instrument, Instruments
    from amtstudio.symbolic import Track

Audio = npt.NDArray[np.float32]

_SILENT_DB = 60.0  # an envelope that falls so far dies away
_BEFORE_S = 0.01  # kept before the attack
_FADE_S = 0.05  # where a sound is cut off
_QUIET = 1e-3  # of its peak: there a note that dies away ends
_BEYOND_DB = 10.0
_DB_A_RELEASE = 100.0
_DB_A_TIME_CONSTANT = 8.686
_SHORTEST_RELEASE_S, _LONGEST_RELEASE_S = 0.02, 1.5
_LONGEST_ATTACK_S = 4.0
_LOUDEST_VELOCITY = 127.0
_PEAK = 32000.0
# Fonts are made to be mixed by many at a time: this brings their usual level to that of the
# instruments that ship.
_GAIN = 1.0


class SoundFont:
    """Programs of General MIDI as a SoundFont has them. Safe to use from several threads.

    Parameters
    ----------
    path : Path
        SF2 or SF3.
    others : Instruments
        Plays programs that the font does not have.

    Raises
    ------
    InputNotFoundError, InputUnreadableError, BadFileError
        As ``SoundFontFile``.
    """

    def __init__(self, path: Path, others: Instruments) -> None:
        self._file = SoundFontFile(path)
        self._others = others
        self._cache = SoundCache()
        self._made: dict[tuple[int, int], FontInstrument] = {}
        self._lock = threading.Lock()

    @property
    def path(self) -> Path:
        return self._file.path

    def for_track(self, track: Track) -> Instrument | None:
        """Raises ``BadFileError`` if the program is damaged."""
        bank, program = (DRUM_BANK, 0) if track.is_drums else (0, track.program)
        if (bank, program) not in self._file.programs:
            return self._others.for_track(track)
        with self._lock:
            made = self._made.get((bank, program))
            if made is None:
                zones = self._file.zones(bank, program)
                if not zones:
                    return self._others.for_track(track)
                name = f"{bank}:{program}"
                made = FontInstrument(
                    self._file, zones, name, is_kit=track.is_drums, cache=self._cache
                )
                self._made[bank, program] = made
            return made


class FontInstrument:
    """One program: each key is made of its zones when it is first played, dry and in mono."""

    def __init__(
        self, file: SoundFontFile, zones: tuple[Zone, ...], name: str, *, is_kit: bool,
        cache: SoundCache,
    ) -> None:  # fmt: skip
        self._file, self._zones, self._name, self._cache = file, zones, name, cache
        self.damping = KIT_DAMPING if is_kit else _damping(zones)

    def sound(self, pitch: int, velocity: int, sample_rate: int) -> Sound:
        """As ``SampleBank.sound``; a key that the font lacks sounds like the nearest, shifted."""
        key, zones = self._at(pitch, velocity)
        wanted = (str(self._file.path), self._key_of(zones), pitch, sample_rate)
        with self._cache.lock:
            made = self._cache.get(wanted)
            if made is None:
                made = self._make(zones, key, pitch - key, sample_rate)
                self._cache.put(wanted, made)
        gain = _GAIN * made.scale * (velocity / _LOUDEST_VELOCITY) ** 2
        return Sound(made.samples, made.attack, FULL_SCALE * gain, made.loop)

    def _key_of(self, zones: list[Zone]) -> str:
        return f"{self._name} {' '.join(str(zone.number) for zone in zones)}"

    def _at(self, pitch: int, velocity: int) -> tuple[int, list[Zone]]:
        """The key that is played, and what sounds there."""
        keys = min(_distance(zone.keys, pitch) for zone in self._zones)
        if keys and self.damping.is_kit:  # another drum would be wrong
            return pitch, []
        near = [zone for zone in self._zones if _distance(zone.keys, pitch) == keys]
        key = int(np.clip(pitch, *near[0].keys))
        softer = min(_distance(zone.velocities, velocity) for zone in near)
        return key, [zone for zone in near if _distance(zone.velocities, velocity) == softer]

    def _make(self, zones: list[Zone], key: int, shift: int, rate: int) -> Resampled:
        held = [zone for zone in zones if _is_held(zone)]
        later = max((min(zone.attack + zone.hold, _LONGEST_ATTACK_S) for zone in held), default=0.0)
        seconds = max((_life(zone) for zone in zones), default=0.0)
        if held and not self.damping.is_kit:
            seconds = HELD_S + later
        mix = np.zeros(round(seconds * rate), dtype=np.float32)
        for zone in zones:
            heard = self._heard(zone, key, shift, rate, len(mix))
            mix[: len(heard)] += heard
        peak = float(np.abs(mix).max(initial=0.0))
        if peak <= 0.0:
            return Resampled(np.zeros(1, np.int16), 0, None)
        if not held:
            mix = mix[: int(np.flatnonzero(np.abs(mix) > _QUIET * peak)[-1]) + 1]
            n_fade = min(round(_FADE_S * rate), len(mix))
            mix[len(mix) - n_fade :] *= np.linspace(1.0, 0.0, n_fade, dtype=np.float32)
        attack = attack_of(mix, rate)
        begin = max(0, attack - round(_BEFORE_S * rate))
        ramp = np.linspace(0.0, 1.0, max(min(attack - begin, rate // 500), 1), dtype=np.float32)
        mix = mix[begin:].copy()
        if begin:
            mix[: len(ramp)] *= ramp
        samples = np.round(mix * (_PEAK / peak)).astype(np.int16)
        loop = None
        if held and not self.damping.is_kit and len(mix) > (HELD_S - 0.5) * rate:
            later = min(later, len(mix) / rate - HELD_S + 0.5)
            loop = loop_start(mix, rate, later=max(later - begin / rate, 0.0))
            samples = seamless(samples, loop, round(SEAM_S * rate))
        return Resampled(samples, attack - begin, loop, peak / (_PEAK * FULL_SCALE))

    def _heard(self, zone: Zone, key: int, shift: int, rate: int, n_samples: int) -> Audio:
        cents = zone.scale * (key - zone.root) + zone.tune + 100.0 * shift
        played = zone.rate * 2.0 ** (float(np.clip(cents, -4800.0, 4800.0)) / 1200.0)
        needed = int(n_samples * played / rate) + 64
        source = self._file.samples(zone)
        if zone.loop is not None and zone.loop[1] <= len(source) and needed > zone.loop[1]:
            first, last = zone.loop
            times = -(-(needed - last) // (last - first))
            source = np.concatenate([source[:last], *[source[first:last]] * times])
        heard: Audio = soxr.resample(source[:needed], played, rate, quality="HQ")[:n_samples]
        if zone.cutoff_hz is not None and zone.cutoff_hz < 0.45 * rate:
            heard = _duller(heard, zone.cutoff_hz, rate)
        angle = (zone.pan + 1.0) * np.pi / 4.0
        gain = 10.0 ** (-zone.attenuation_db / 20.0) * (np.cos(angle) + np.sin(angle)) / np.sqrt(2)
        heard = heard * (_envelope(zone, len(heard), rate) * np.float32(gain))
        n_delay = round(zone.delay * rate) if zone.delay > _FADE_S else 0
        return np.pad(heard, (n_delay, 0))[:n_samples] if n_delay else heard


def _is_held(zone: Zone) -> bool:
    return zone.loop is not None and zone.sustain_db < _SILENT_DB


def _life(zone: Zone) -> float:
    """Seconds after which a zone is inaudible according to its envelope."""
    if zone.sustain_db < _SILENT_DB:
        return MAX_HELD_S
    falling = zone.decay * min(zone.sustain_db, _SILENT_DB + _BEYOND_DB) / _DB_A_RELEASE
    return min(zone.delay + zone.attack + zone.hold + falling, MAX_HELD_S)


def _damping(zones: tuple[Zone, ...]) -> Damping:
    release = float(np.median([zone.release for zone in zones]))
    release *= _DB_A_TIME_CONSTANT / _DB_A_RELEASE
    longest = float("inf") if any(_is_held(zone) for zone in zones) else MAX_HELD_S
    release = float(np.clip(release, _SHORTEST_RELEASE_S, _LONGEST_RELEASE_S))
    return Damping(release=release, longest=longest)


def _distance(span: tuple[int, int], value: int) -> int:
    return max(span[0] - value, value - span[1], 0)


def _envelope(zone: Zone, n_samples: int, rate: int) -> Audio:
    """Up in a straight line, held, down in dB to where it stays."""
    seconds = np.arange(n_samples) / rate
    since = np.maximum(seconds - zone.attack - zone.hold, 0.0)
    down_db = np.minimum(since * _DB_A_RELEASE / zone.decay, zone.sustain_db)
    level = 10.0 ** (-down_db / 20.0) * np.clip(seconds / zone.attack, 0.0, 1.0)
    return np.asarray(level, np.float32)


def _duller(sound: Audio, cutoff_hz: float, rate: int) -> Audio:
    """Through a filter of the second order; one without phase, so that onsets stay."""
    n_fft = len(sound) + rate // 20
    gain = 1.0 / np.sqrt(1.0 + (np.fft.rfftfreq(n_fft, 1.0 / rate) / cutoff_hz) ** 4)
    filtered = np.fft.irfft(np.fft.rfft(sound, n_fft) * gain, n_fft)[: len(sound)]
    return np.asarray(filtered, np.float32)
