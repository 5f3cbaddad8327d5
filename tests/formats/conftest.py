"""Transcriptions to send through files."""

from __future__ import annotations

import numpy as np
import pytest

from amtstudio.symbolic import Note, Pedal, Track, Transcription

INSTRUMENTS = (
    "piano",
    "violin",
    "acoustic_guitar_string1",
    "KD",
    "Flöte \N{MUSICAL SYMBOL G CLEF}",
)


def random_transcription(
    rng: np.random.Generator, *, n_per_pitch: int = 12, length: float = 60.0
) -> Transcription:
    """Notes of several instruments that never overlap within one pitch, and pedal."""
    notes = []
    for instrument in INSTRUMENTS:
        for pitch in rng.choice(128, size=6, replace=False):
            times = np.sort(rng.uniform(0.0, length, size=2 * n_per_pitch))
            for onset, offset in times.reshape(-1, 2):
                notes.append(
                    Note(
                        onset=float(onset),
                        offset=float(max(offset, onset + 0.002)),
                        pitch=int(pitch),
                        velocity=int(rng.integers(1, 128)),
                        confidence=float(rng.uniform()),
                        track=Track.named(instrument),
                    )
                )
    presses = np.sort(rng.uniform(0.0, length, size=20)).reshape(-1, 2)
    return Transcription(
        notes=tuple(notes),
        pedals=tuple(Pedal(float(down), float(up)) for down, up in presses if up - down > 0.002),
        duration=length + 1.25,
        file='Große "Sonate".wav',
        model="piano",
        profile="my piano",
        tuning_cents=-3.25,
        metadata={"title": "Für Elise", "artist": "Beethoven"},
    )


@pytest.fixture(params=range(3))
def transcription(request: pytest.FixtureRequest) -> Transcription:
    return random_transcription(np.random.default_rng(request.param))
