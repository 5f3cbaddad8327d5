"""Notes as sound: any block of a transcription, on request."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from amtstudio.audio import FloatArray
from amtstudio.playback.piano_bank import PianoBank
from amtstudio.playback.voices import MAX_HELD_S, Voice, plan_voices
from amtstudio.symbolic import Note, NoteTable, Pedal, Transcription

HEADROOM = 0.35  # ten keys struck as hard as can be stay below full scale
LEAD_S = 0.02  # a sample starts less than this before its attack
LONGEST_S = MAX_HELD_S + 2.0  # with the fade after it


class Synthesizer:
    """Plays notes on the sampled piano, at any place and in any order.

    A block depends on its place alone, never on what was rendered before, so that seeking and
    looping need nothing more.

    Parameters
    ----------
    notes, pedals : iterable
        In seconds; see ``plan_voices``. Those of drums are left out.
    sample_rate : int, Hz
    speed : float
        0.5 plays half as fast, at the same pitch. Samples count the slowed down music then.
    """

    def __init__(
        self,
        notes: Iterable[Note],
        pedals: Iterable[Pedal] = (),
        *,
        bank: PianoBank,
        sample_rate: int,
        speed: float = 1.0,
    ) -> None:
        self._bank = bank
        self._sample_rate = sample_rate
        table = NoteTable.of(notes)
        if any(track.is_drums for track in table.tracks):  # no piano can play them
            table = table.take(~np.array([track.is_drums for track in table.tracks])[table.track])
        self._voices = plan_voices(table, pedals, sample_rate=sample_rate, speed=speed)
        self._onsets = np.array([voice.onset for voice in self._voices], dtype=np.int64)
        self._longest = round(LONGEST_S * sample_rate)
        self._lead = round(LEAD_S * sample_rate)

    @property
    def n_samples(self) -> int:
        """Until the last damper has come down and the last undamped key has died away."""
        return max((voice.end for voice in self._voices), default=0)

    def read(self, start: int, n_samples: int) -> FloatArray:
        """The sound from sample ``start`` on, shape (n_samples,).

        ``start`` may be negative or beyond the end: there is silence there.

        Raises
        ------
        BadFileError
            If a sound of the piano cannot be read.
        """
        block = np.zeros(n_samples, dtype=np.float32)
        # The attack of a sample lies some milliseconds after its start: look ahead by that much.
        first = np.searchsorted(self._onsets, start - self._longest, side="left")
        last = np.searchsorted(self._onsets, start + n_samples + self._lead, side="left")
        for voice in self._voices[int(first) : int(last)]:
            if voice.end > start:
                self._add(block, voice, start)
        return block

    def _add(self, block: FloatArray, voice: Voice, start: int) -> None:
        sound = self._bank.sound(voice.pitch, voice.velocity, self._sample_rate)
        origin = voice.onset - sound.attack  # where the sample's first value belongs
        begin = max(start, origin)
        end = min(start + len(block), origin + len(sound.samples), voice.end)
        if end <= begin:
            return
        wave = sound.samples[begin - origin : end - origin] * np.float32(sound.gain * HEADROOM)
        if end > voice.damped:
            since = np.arange(max(begin, voice.damped) - voice.damped, end - voice.damped)
            fade = np.exp(since / -voice.fade).astype(np.float32)
            wave[len(wave) - len(fade) :] *= fade
        block[begin - start : end - start] += wave


def render_transcription(
    transcription: Transcription, sample_rate: int, *, bank: PianoBank | None = None
) -> FloatArray:
    """A transcription played on the sampled piano.

    Parameters
    ----------
    transcription : Transcription
    sample_rate : int, Hz
    bank : PianoBank, optional
        The bundled one where left out.

    Returns
    -------
    np.ndarray, shape (n_samples,)
        Float32, mono; full scale 1, which very many loud notes may exceed. As long as the audio of
        the transcription, or longer where its last notes die away later.

    Raises
    ------
    BadFileError
        If the piano cannot be read.
    """
    synthesizer = Synthesizer(
        transcription.notes,
        transcription.pedals,
        bank=PianoBank() if bank is None else bank,
        sample_rate=sample_rate,
    )
    return synthesizer.read(0, length_of(transcription, synthesizer, sample_rate))


def length_of(transcription: Transcription, synthesizer: Synthesizer, sample_rate: int) -> int:
    """Samples of a transcription as it is rendered: until the audio or its last note is over."""
    return max(synthesizer.n_samples, round(transcription.duration * sample_rate))
