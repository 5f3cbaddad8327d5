"""Clips of any instruments but solo pianos, alone and together, with their truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import scipy.signal

from amtstudio.features import hop_energies, running_level
from amtstudio.learning.codecs import through_any_codec
from amtstudio.learning.instruments.figures import guitar_chords, harp_holes, line
from amtstudio.learning.instruments.musicians import draw_habits, gestures_of
from amtstudio.learning.instruments.oscillators import free_reeds, random_singer, random_timbre
from amtstudio.learning.instruments.playing import Gesture, Source, play
from amtstudio.learning.instruments.truth import InstrumentTruth, truth_of
from amtstudio.learning.recording_conditions import filter_sound, heard_as_files_are, record
from amtstudio.models.melodic import FAMILIES
from training.instruments.phrases import Role, make_ensemble, make_phrase
from training.instruments.written_music import WrittenMusic
from training.instruments.written_playing import guitar_solo, quartet_parts, quartet_player
from training.synthesis.bank_source import BankSource
from training.synthesis.piano_bank import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from amtstudio.features import FrameGrid
    from amtstudio.learning.instruments.musicians import Manner
    from amtstudio.learning.rooms import RoomPool
    from training.instruments.phrases import Songs
    from training.synthesis.instrument_bank import InstrumentBank

    Audio = npt.NDArray[np.float32]
    Notes = npt.NDArray[np.float64]

LEAD_S = 1.5  # played before the clip: echo, and notes that are held into it
Style = Literal["melody", "chords", "bass"]
# Shares of the families among parts that play alone, and among those of an ensemble.
_SOLO = (0.03, 0.32, 0.05, 0.12, 0.20, 0.05, 0.15, 0.03, 0.05)
_TOGETHER = (0.10, 0.19, 0.15, 0.16, 0.16, 0.07, 0.09, 0.03, 0.05)
_PARTS = ((1, 2, 3, 4, 5, 6), (0.58, 0.13, 0.11, 0.12, 0.04, 0.02))
# How often an instrument of the family plays chords.
_CHORDS = {
    "keys": 0.8, "guitar": 0.7, "bass": 0.0, "strings": 0.12, "winds": 0.02, "brass": 0.05,
    "voice": 0.03, "mallets": 0.4, "organ_synth": 0.6,
}  # fmt: skip
# How often a guitar with several voices plays a piece for guitar, two to four parts that play
# together a quartet, and an instrument of these families alone one part of it.
_GUITAR_PIECES, _QUARTETS, _QUARTET_LINES = 0.45, 0.4, 0.25
_QUARTET_FAMILIES = {"strings": 0.5, "winds": 0.25, "brass": 0.13, "voice": 0.12}
_FASTEST = {"strings": 11.0, "winds": 9.0, "brass": 7.0, "voice": 5.0}  # notes a second
_QUARTET = 4  # parts
_OF_ONE_FAMILY = 0.7  # of the quartets
_MOST_DOUBLE_STOPS = 0.6  # of the string players
_NEARLY_FITS = 2.0  # semitones of a part's range that an instrument may lack
_PLAIN_LEVEL = 0.05
_SHORTEST_PHRASE_S = 8.0


@dataclass(frozen=True)
class InstrumentClip:
    """``audio`` has the model's margin at both ends; ``level`` is (n_frames,)."""

    audio: Audio
    level: Audio
    truth: InstrumentTruth


@dataclass(frozen=True)
class _Player:
    """An instrument of a clip, with the range that it is played in."""

    family: int
    name: str
    source: Source
    manner: Manner
    lowest: int
    highest: int

    @property
    def is_harmonica(self) -> bool:
        return self.name == "harmonica"

    @property
    def chords(self) -> float:
        """How often it plays more than one note at a time."""
        return 0.3 if self.is_harmonica else _CHORDS[FAMILIES[self.family]]

    def role(self, rng: np.random.Generator) -> Role:
        """In an ensemble."""
        n_voices = int(rng.integers(2, 5)) if rng.random() < 0.7 * self.chords else 1
        return Role(self.lowest, self.highest, n_voices)


@dataclass(frozen=True)
class InstrumentClipMaker:
    """Makes clips of ``n_frames`` frames; ``n_parts`` None: one to six."""

    banks: Sequence[InstrumentBank]
    songs: Songs
    rooms: RoomPool
    grid: FrameGrid
    margin: int
    n_frames: int = 320
    dereverberates: bool = False
    is_recorded: bool = True  # False: dry, without room, equaliser and noise
    computed_share: float = 0.5  # of singers, harmonicas, synths: computed, not sampled
    n_parts: int | None = None
    family: int | None = None  # of all parts; None: any
    together_share: float = 0.65  # of ensembles: they play one piece, the others each their own
    written: WrittenMusic = field(default_factory=WrittenMusic)

    def make(self, rng: np.random.Generator) -> InstrumentClip:
        """The same generator state gives the same clip."""
        seconds = self.grid.to_seconds(self.n_frames)
        n_samples = round((LEAD_S + seconds + 0.4) * SAMPLE_RATE)
        n_parts = self.n_parts or int(rng.choice(_PARTS[0], p=_PARTS[1]))
        mix = np.zeros(n_samples, dtype=np.float32)
        rows: list[tuple[Gesture, float, int, int]] = []
        for part, (player, sound, played) in enumerate(self._parts(n_parts, n_samples, rng)):
            gain_db = 0.0 if n_parts == 1 else rng.uniform(-9.0, 0.0)
            level = active_level(sound)
            if level < 1e-6:
                continue
            mix += sound * np.float32(10.0 ** (gain_db / 20.0) / level)
            rows += [(gesture, end, player.family, part) for gesture, end in played]
        if rng.random() < (0.06 if n_parts == 1 else 0.35):
            drums = self._drums(n_samples, seconds, rng)
            mix += drums * np.float32(10.0 ** (rng.uniform(-14.0, 2.0) / 20.0))
        audio = self._recorded(mix, rng)
        return self._cut(audio, truth_of(rows))

    def _family(self, n_parts: int, rng: np.random.Generator) -> int:
        if self.family is not None:
            return self.family
        shares = np.array(_SOLO if n_parts == 1 else _TOGETHER)
        present = {bank.family for bank in self.banks}
        shares = shares * [number in present for number in range(len(FAMILIES))]
        return int(rng.choice(len(FAMILIES), p=shares / shares.sum()))

    def _parts(
        self, n_parts: int, n_samples: int, rng: np.random.Generator
    ) -> Iterator[tuple[_Player, Audio, list[tuple[Gesture, float]]]]:
        """Who plays, the sound and what was played with where it ends, part by part."""
        seconds = self.grid.to_seconds(self.n_frames)
        if n_parts > 1 and self.together_share and rng.random() < self.together_share:
            shares = self._quartet_shares()
            if n_parts <= _QUARTET and shares.any() and rng.random() < _QUARTETS:
                yield from self._quartet(n_parts, n_samples, shares, rng)
                return
            players = [self._player(n_parts, rng) for _ in range(n_parts)]
            roles = [player.role(rng) for player in players]
            parts = make_ensemble(
                self.songs, rng, roles, seconds=max(seconds + LEAD_S, _SHORTEST_PHRASE_S)
            )
            for player, role, notes in zip(players, roles, parts, strict=True):
                notes[:, :2] -= LEAD_S
                yield player, *_played(player, notes, role.n_voices == 1, n_samples, rng)
            return
        for _ in range(n_parts):
            player = self._player(n_parts, rng)
            notes, is_line = self._music(player, seconds=seconds, rng=rng)
            yield player, *_played(player, notes, is_line, n_samples, rng)

    def _quartet_shares(self) -> npt.NDArray[np.float64]:
        """Of the families that there are among players of quartets; all 0: nobody plays them."""
        present = {bank.family for bank in self.banks if self.family in (None, bank.family)}
        shares = [
            _QUARTET_FAMILIES.get(name, 0.0) if number in present else 0.0
            for number, name in enumerate(FAMILIES)
        ]
        return np.array(shares) * bool(self.written.quartets)

    def _quartet(
        self,
        n_parts: int,
        n_samples: int,
        shares: npt.NDArray[np.float64],
        rng: np.random.Generator,
    ) -> Iterator[tuple[_Player, Audio, list[tuple[Gesture, float]]]]:
        """Parts of a string quartet, by strings or by others in whose ranges they lie."""
        seconds = max(self.grid.to_seconds(self.n_frames) + LEAD_S, _SHORTEST_PHRASE_S)
        families = rng.choice(len(FAMILIES), n_parts, p=shares / shares.sum())
        if rng.random() < _OF_ONE_FAMILY:
            families[:] = families[0]
        fastest = min(_FASTEST[FAMILIES[family]] for family in families)
        quartets = self.written.quartets
        parts = quartet_parts(quartets, rng, n_parts, seconds=seconds, fastest=fastest)
        apart_s = rng.uniform(0.002, 0.025)
        for part, family in zip(parts, families.tolist(), strict=True):
            player = self._player_of(family, n_parts, rng, pitches=part[:, 2])
            is_line = FAMILIES[family] != "strings" or rng.random() > _MOST_DOUBLE_STOPS
            role = Role(player.lowest, player.highest, 1 if is_line else 2)
            notes = quartet_player(part, role, rng, apart_s=apart_s)
            notes[:, :2] -= LEAD_S
            is_line = bool(np.all(notes[1:, 0] >= notes[:-1, 1] - 1e-6))
            yield player, *_played(player, notes, is_line, n_samples, rng)

    def _player(self, n_parts: int, rng: np.random.Generator) -> _Player:
        return self._player_of(self._family(n_parts, rng), n_parts, rng)

    def _player_of(
        self,
        family: int,
        n_parts: int,
        rng: np.random.Generator,
        *,
        pitches: npt.NDArray[np.float64] | None = None,
    ) -> _Player:
        """Of a family; of those whose range pitches fit best, if these are given."""
        banks = [bank for bank in self.banks if bank.family == family]
        if pitches is not None and len(pitches):
            banks = _fitting(banks, pitches)
        weights = np.array([bank.weight for bank in banks])
        bank = banks[int(rng.choice(len(banks), p=weights / weights.sum()))]
        is_harmonica = "harmonica" in bank.name
        if FAMILIES[family] == "winds" and n_parts == 1 and rng.random() < 0.2:
            is_harmonica = True
        source, manner = self._source(bank, is_harmonica, rng)
        low, high = (bank.lowest, bank.highest)
        if is_harmonica:
            low, high, manner = 55, 100, "blown"
        name = "harmonica" if is_harmonica else bank.name
        return _Player(family, name, source, manner, low, high)

    def _source(
        self, bank: InstrumentBank, is_harmonica: bool, rng: np.random.Generator
    ) -> tuple[Source, Manner]:
        is_computed = rng.random() < self.computed_share
        source: Source = BankSource(bank)
        manner: Manner = bank.manner
        if is_harmonica:
            manner = "blown"
            if is_computed or "harmonica" not in bank.name:
                source = free_reeds(rng, musette=False)
        elif bank.family == FAMILIES.index("voice"):
            if rng.random() < 1.6 * self.computed_share:
                source = random_singer(rng)
        elif "accordion" in bank.name and is_computed:
            source = free_reeds(rng, musette=True)
        elif bank.family == FAMILIES.index("organ_synth") and is_computed:
            source, manner = random_timbre(rng), "organ"
        elif manner == "blown" and rng.random() < 0.16 * self.computed_share:
            source = random_timbre(rng, decays=False)
        return source, manner

    def _music(
        self, player: _Player, *, seconds: float, rng: np.random.Generator
    ) -> tuple[Notes, bool]:
        """Notes from ``LEAD_S`` before the clip to its end, and whether they are one at a time."""
        start, end = -LEAD_S, seconds
        family, low, high = FAMILIES[player.family], player.lowest, player.highest
        if player.is_harmonica and rng.random() < 0.75:
            notes = harp_holes(rng, start=start, end=end)
            return notes, bool(np.all(notes[1:, 0] >= notes[:-1, 1] - 1e-6))
        polyphonic = rng.random() < player.chords
        length = max(end - start, _SHORTEST_PHRASE_S)
        written = self._from_score(player, polyphonic, length, rng)
        if written is not None:
            written[:, :2] += start
            return written, not polyphonic
        if family == "guitar" and polyphonic and rng.random() < 0.75:
            notes = guitar_chords(rng, start=start, end=end)
            notes[:, 2] += 12 * np.ceil((low - notes[:, 2].min()) / 12)
            return notes, False
        if not polyphonic and rng.random() < 0.3:
            middle = rng.uniform(low + 0.25 * (high - low), low + 0.75 * (high - low))
            width = rng.uniform(6, 14)
            lowest, highest = max(low, round(middle - width)), min(high, round(middle + width))
            return line(rng, lowest=lowest, highest=highest, start=start, end=end), True
        style: Style = "chords" if polyphonic else ("bass" if family == "bass" else "melody")
        notes = make_phrase(
            self.songs, rng, style=style, lowest=low, highest=high,
            n_voices=int(rng.integers(2, 7)) if polyphonic else 1,
            seconds=length,
        )  # fmt: skip
        notes = notes.copy()
        notes[:, :2] += start
        if player.manner in ("plucked", "struck") and polyphonic and rng.random() < 0.5:
            notes[:, 1] += rng.uniform(0.1, 1.5)  # strings ring on
        notes[:, 3] = np.clip(notes[:, 3] + rng.uniform(-15, 15), 16, 126)
        return notes, not polyphonic

    def _from_score(
        self, player: _Player, polyphonic: bool, seconds: float, rng: np.random.Generator
    ) -> Notes | None:
        """At times what is written for a guitar, or a part of a quartet for who plays lines."""
        family, low, high = FAMILIES[player.family], player.lowest, player.highest
        guitar, quartets = self.written.guitar, self.written.quartets
        if polyphonic and family == "guitar" and guitar and rng.random() < _GUITAR_PIECES:
            return guitar_solo(guitar, rng, lowest=low, highest=high, seconds=seconds)
        if polyphonic or family not in _QUARTET_FAMILIES or not quartets:
            return None
        if rng.random() >= _QUARTET_LINES:
            return None
        fastest = _FASTEST[family]
        (part,) = quartet_parts(quartets, rng, 1, seconds=seconds, fastest=fastest)
        return quartet_player(part, Role(low, high), rng, apart_s=rng.uniform(0.0, 0.02))

    def _drums(self, n_samples: int, seconds: float, rng: np.random.Generator) -> Audio:
        kits = [bank for bank in self.banks if bank.family < 0]
        if not kits or not self.songs.parts.get("drums"):
            return np.zeros(n_samples, dtype=np.float32)
        kit = kits[int(rng.integers(len(kits)))]
        notes = make_phrase(
            self.songs,
            rng,
            style="drums",
            lowest=0,
            highest=127,
            seconds=max(seconds + LEAD_S, _SHORTEST_PHRASE_S),
        )
        return drum_sound(kit, notes, n_samples, rng)

    def _recorded(self, mix: Audio, rng: np.random.Generator) -> Audio:
        if not self.is_recorded:
            return mix * np.float32(_PLAIN_LEVEL / (np.sqrt(np.mean(mix**2)) + 1e-9))
        room = self.rooms.choose(rng) if rng.random() < 0.65 else None
        audio = record(filter_sound(mix, room, rng), rng)
        if rng.random() < 0.1:
            audio = through_any_codec(audio, rng)
        return heard_as_files_are(audio, rng) if self.dereverberates else audio

    def _cut(self, audio: Audio, truth: InstrumentTruth) -> InstrumentClip:
        hop, start = self.grid.hop_length, round(LEAD_S * SAMPLE_RATE)
        inside = audio[start : start + self.n_frames * hop]
        level = running_level(hop_energies(inside, hop), hop, self.grid.sample_rate)
        span = (self.n_frames - 1) * hop + 2 * self.margin
        padded = np.zeros(span, dtype=np.float32)
        source = audio[start - self.margin : start - self.margin + span]
        padded[: len(source)] = source
        return InstrumentClip(padded, level, truth)


def _fitting(
    banks: Sequence[InstrumentBank], pitches: npt.NDArray[np.float64]
) -> list[InstrumentBank]:
    """Those that have nearly all of the pitches, or otherwise those that come nearest to it."""
    low, high = np.quantile(pitches, (0.05, 0.95))
    misses = [max(bank.lowest - low, 0.0) + max(high - bank.highest, 0.0) for bank in banks]
    most = max(min(misses), _NEARLY_FITS)
    return [bank for bank, missed in zip(banks, misses, strict=True) if missed <= most]


def drum_sound(
    kit: InstrumentBank, notes: Notes, n_samples: int, rng: np.random.Generator
) -> Audio:
    """A kit's recorded hits, (n_notes, 4), at a level of 1; nothing where it has none of them."""
    audio = np.zeros(n_samples, dtype=np.float32)
    level_db = rng.normal(0.0, 3.0, 128)
    for onset, _, key, velocity in notes:
        rows = kit.notes[kit.notes[:, 4] == key]
        if not len(rows):
            continue
        fits = (rows[:, 5] <= velocity) & (velocity <= rows[:, 6])
        row = rows[int(np.argmax(fits))]
        hit = kit.audio(row)
        first = round(onset * SAMPLE_RATE)
        hit = hit[: max(0, n_samples - first)]
        gain = (velocity / 100.0) ** 1.5 * 10.0 ** (level_db[int(key)] / 20.0)
        audio[first : first + len(hit)] += hit * np.float32(gain)
    level = active_level(audio)
    return audio / np.float32(level) if level > 1e-6 else audio


def active_level(sound: Audio) -> float:
    """RMS of the half of the quarter seconds that is louder."""
    n_blocks = len(sound) // 4000
    power = np.sort((sound[: n_blocks * 4000].reshape(n_blocks, -1) ** 2).mean(axis=1))
    return float(np.sqrt(power[n_blocks // 2 :].mean()))


def _played(
    player: _Player, notes: Notes, is_line: bool, n_samples: int, rng: np.random.Generator
) -> tuple[Audio, list[tuple[Gesture, float]]]:
    """Sound, and the audible gestures with the end of each."""
    habits = draw_habits(player.manner, rng, is_harmonica=player.is_harmonica)
    gestures = gestures_of(
        notes, habits, rng, is_line=is_line, has_keys=player.manner in ("struck", "organ")
    )
    sound, ends = play(gestures, player.source, n_samples, -LEAD_S, rng)
    family = FAMILIES[player.family]
    if player.is_harmonica or family in ("guitar", "bass", "organ_synth", "keys"):
        sound = _effects(sound, family, player.name, rng)
    return sound, [(g, float(e)) for g, e in zip(gestures, ends, strict=True) if np.isfinite(e)]


def _effects(sound: Audio, family: str, name: str, rng: np.random.Generator) -> Audio:
    """Amplifier, distortion, chorus and tremolo, where an instrument goes through them."""
    is_electric = any(word in name for word in ("electric", "emily", "clean", "jazz", "muted"))
    share = {"guitar": 0.55 if is_electric else 0.12, "bass": 0.2, "keys": 0.12}.get(family, 0.15)
    if name == "harmonica":
        share = 0.35  # blues: a microphone in the hands, and an amplifier
    peak = np.float32(np.abs(sound).max() + 1e-9)
    if rng.random() < share:
        most = 60.0 if family == "guitar" and is_electric else 8.0
        gain = np.float32(np.exp(rng.uniform(np.log(1.0), np.log(most))))
        band = scipy.signal.butter(
            1, [rng.uniform(60, 200), rng.uniform(2800, 6500)], "band", fs=SAMPLE_RATE, output="sos"
        )
        pushed = sound / peak * gain
        sound = scipy.signal.sosfilt(band, np.tanh(pushed + rng.uniform(0.0, 0.2))) * peak
        sound = sound.astype(np.float32)
    if rng.random() < 0.08:
        times = np.arange(len(sound), dtype=np.float64)
        wave = np.sin(2 * np.pi * rng.uniform(0.3, 3.0) * times / SAMPLE_RATE)
        delayed = np.interp(times - SAMPLE_RATE * (0.012 + 0.0012 * wave), times, sound)
        sound = (sound + rng.uniform(0.3, 0.9) * delayed).astype(np.float32)
    return sound
