"""Notes as sound: any block of a transcription, on request."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from amtstudio.audio import FloatArray
from amtstudio.playback.instrument_set import Instruments, InstrumentSet
from amtstudio.playback.sample_bank import Sound
from amtstudio.playback.sampled_wave import Warp, bent, straight
from amtstudio.playback.voices import PIANO_DAMPING, plan_voices
from amtstudio.symbolic import Note, NoteTable, Pedal, Transcription

HEADROOM = 0.35  # ten keys struck as hard as can be stay below full scale
LEAD_S = 0.05  # a sample starts less than this before its attack


class Synthesizer:
    """Plays notes on sampled instruments, at any place and in any order.

    A block depends on its place alone, never on what was rendered before, so that seeking and
    looping need nothing more.

    Parameters
    ----------
    notes, pedals : iterable
        In seconds; see ``plan_voices``.
    bank : Instruments
        The instruments of the tracks; tracks without one are left out. A ``SampleBank`` plays all
        but drums.
    sample_rate : int, Hz
    speed : float
        0.5 plays half as fast, at the same pitch. Samples count the slowed down music then.
    """

    def __init__(
        self,
        notes: Iterable[Note],
        pedals: Iterable[Pedal] = (),
        *,
        bank: Instruments,
        sample_rate: int,
        speed: float = 1.0,
    ) -> None:
        self._sample_rate = sample_rate
        self._speed = speed
        table = NoteTable.of(notes)
        used = set(np.unique(table.track).tolist())
        self._banks = [
            bank.for_track(track) if place in used else None
            for place, track in enumerate(table.tracks)
        ]
        silent = np.array([found is None for found in self._banks], dtype=bool)
        if len(table) and silent[table.track].any():
            table = table.take(~silent[table.track])
        dampings = [PIANO_DAMPING if found is None else found.damping for found in self._banks]
        self._voices = plan_voices(
            table, pedals, sample_rate=sample_rate, speed=speed, dampings=dampings
        )
        self._onsets = np.array([voice.onset for voice in self._voices], dtype=np.int64)
        self._ends = np.array([voice.end for voice in self._voices], dtype=np.int64)
        self._longest = int((self._ends - self._onsets).max(initial=0))
        self._lead = round(LEAD_S * sample_rate)
        self._warps: dict[int, Warp] = {}  # by the place of the voice

    @property
    def n_samples(self) -> int:
        """Until the last damper has come down and the last undamped key has died away."""
        return int(self._ends.max(initial=0))

    def read(self, start: int, n_samples: int) -> FloatArray:
        """The sound from sample ``start`` on, shape (n_samples,).

        ``start`` may be negative or beyond the end: there is silence there.

        Raises
        ------
        BadFileError
            If a sound of an instrument cannot be read.
        """
        block = np.zeros(n_samples, dtype=np.float32)
        # The attack of a sample is some milliseconds after its start: look ahead by that much.
        first = int(np.searchsorted(self._onsets, start - self._longest, side="left"))
        last = int(np.searchsorted(self._onsets, start + n_samples + self._lead, side="left"))
        for place in np.flatnonzero(self._ends[first:last] > start).tolist():
            self._add(block, first + place, start)
        return block

    def _add(self, block: FloatArray, place: int, start: int) -> None:
        voice = self._voices[place]
        bank = self._banks[voice.track]
        assert bank is not None  # the notes of such tracks were left out
        sound = bank.sound(voice.pitch, voice.velocity, self._sample_rate)
        origin = voice.onset - sound.attack  # where the sample's first value belongs
        begin = max(start, origin)
        end = min(start + len(block), voice.end)
        gain = np.float32(sound.gain * HEADROOM)
        if voice.bend:
            wave = self._bent(place, sound, begin - origin, end - origin) * gain
        else:
            wave = straight(sound, begin - origin, end - origin) * gain
        if not len(wave):
            return
        end = begin + len(wave)
        if end > voice.damped:
            since = np.arange(max(begin, voice.damped) - voice.damped, end - voice.damped)
            fade = np.exp(since / -voice.fade).astype(np.float32)
            wave[len(wave) - len(fade) :] *= fade
        block[begin - start : end - start] += wave

    def _bent(self, place: int, sound: Sound, begin: int, end: int) -> FloatArray:
        voice = self._voices[place]
        warp = self._warps.get(place)
        if warp is None:
            scale = self._sample_rate / self._speed
            warp = self._warps[place] = Warp.of(
                voice.bend, scale=scale, length=voice.end - voice.onset, lead=sound.attack
            )
        return bent(sound, warp, begin, end)


def render_transcription(
    transcription: Transcription, sample_rate: int, *, bank: Instruments | None = None
) -> FloatArray:
    """A transcription, each of its tracks played on the sampled instrument that fits.

    Parameters
    ----------
    transcription : Transcription
    sample_rate : int, Hz
    bank : Instruments, optional
        Those that ship where left out.

    Returns
    -------
    np.ndarray, shape (n_samples,)
        Float32, mono; full scale 1, which very many loud notes may exceed. As long as the audio of
        the transcription, or longer where its last notes die away later.

    Raises
    ------
    BadFileError
        If an instrument cannot be read.
    """
    synthesizer = Synthesizer(
        transcription.notes,
        transcription.pedals,
        bank=InstrumentSet() if bank is None else bank,
        sample_rate=sample_rate,
    )
    return synthesizer.read(0, length_of(transcription, synthesizer, sample_rate))


def length_of(transcription: Transcription, synthesizer: Synthesizer, sample_rate: int) -> int:
    """Length of a rendered transcription in samples: to the end of the audio or the last note."""
    return max(synthesizer.n_samples, round(transcription.duration * sample_rate))
