"""Render the detector's material: ``python -m training.instruments.rendering --help``."""

from __future__ import annotations

import argparse
import logging
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch

from amtstudio.learning.rooms import RoomPool, load_rooms
from amtstudio.models.instrument_attention import (
    INSTANCE_FRAMES,
    InstrumentAttention,
    InstrumentAttentionConfig,
)
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES
from training.instruments.catalogue import Role, Sound, all_sounds, library
from training.instruments.phrases import Songs, read_songs
from training.instruments.stems import STEM_S, Band, Places, activity, recorded, varied

logger = logging.getLogger("training.instruments.rendering")

SAMPLE_RATE = 16000  # Hz
N_SECONDS = round(STEM_S)
# Of the longer recordings: half are of one instrument, a third of these of a piano, which is what
# most people record; in the others an instrument rests in some of the phrases.
_SOLO_SHARE, _PIANO_SHARE, _MOST_PLAYERS, _PLAYING_SHARE = 0.5, 1 / 3, 5, 0.75
_PHONE_SHARE = {"piano": 0.35}  # of training stems; the rest of the classes have a little of it
_INDEX = {name: index for index, name in enumerate(INSTRUMENT_CLASSES)}
# The share of each class; drums bring the cymbals along. None: none of the classes.
_SHARES: dict[str | None, float] = {
    **{name: 1.0 for name in INSTRUMENT_CLASSES if name != "cymbals"},
    "drums": 2.0,
    "guitar": 2.0,
    "voice": 2.0,
    "piano": 1.3,
    "bass": 1.3,
    None: 3.0,
}


class StemMaker:
    """Random stems of the libraries of one role."""

    def __init__(
        self,
        places: Places,
        songs: Songs,
        rooms: RoomPool,
        role: Role,
        seed: int,
        *,
        only: Sequence[str] | None = None,
        banks: Literal["none", "too", "only"] = "none",
    ) -> None:
        """``banks``: whether sounds are played on banks of instruments as well, or only."""
        self._band, self._rooms, self._role = Band(places, songs), rooms, role
        self._rng = np.random.default_rng(seed)
        self._sounds: dict[str | None, list[Sound]] = {}
        for sound in all_sounds():
            if library(sound.source).role != role:
                continue
            if banks == "too" or bool(sound.instrument) == (banks == "only"):
                self._sounds.setdefault(sound.label, []).append(sound)
        self.labels = [
            label for label in _SHARES if label in self._sounds and (only is None or label in only)
        ]

    def draw(self) -> Sound:
        shares = np.array([_SHARES[label] for label in self.labels])
        label = self.labels[int(self._rng.choice(len(shares), p=shares / shares.sum()))]
        return self.draw_of(label)

    def draw_of(self, label: str | None) -> Sound:
        sounds = self._sounds[label]
        weights = np.array([sound.weight for sound in sounds])
        return sounds[int(self._rng.choice(len(sounds), p=weights / weights.sum()))]

    def make(
        self, sound: Sound, n_variants: int
    ) -> list[tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]]:
        """Recordings of one phrase, each of RMS 1 while it plays, with (n_seconds, 20) labels."""
        dry, cymbals = self._phrase(sound)
        made = []
        for _ in range(n_variants):
            audio = dry if cymbals is None else dry + cymbals
            if self._role == "train" and self._rng.random() < 0.8:
                audio = varied(audio, sound, self._rng)
            made.append(self._recorded(sound, audio, dry, cymbals))
        return made

    def make_long(
        self, sound: Sound, plays: Sequence[bool]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """One recording of a phrase after the other, of RMS 1 while it plays, and its labels.

        ``plays`` says of each phrase whether there is one, or a rest.
        """
        dry = np.zeros((len(plays), N_SECONDS * SAMPLE_RATE), dtype=np.float32)
        cymbals = np.zeros_like(dry) if sound.style == "drums" else None
        for number in np.flatnonzero(plays):
            dry[number], struck = self._phrase(sound)
            if cymbals is not None and struck is not None:
                cymbals[number] = struck
        plain = dry.ravel()
        metal = None if cymbals is None else cymbals.ravel()
        together = plain if metal is None else plain + metal
        return self._recorded(sound, together, plain, metal)

    def _phrase(
        self, sound: Sound
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32] | None]:
        """The result of ``Band.play``, once something is audible."""
        while True:
            dry, cymbals = self._band.play(sound, self._rng)
            if np.abs(dry if cymbals is None else dry + cymbals).max() > 1e-4:
                return dry, cymbals

    def _recorded(
        self,
        sound: Sound,
        audio: npt.NDArray[np.float32],
        dry: npt.NDArray[np.float32],
        cymbals: npt.NDArray[np.float32] | None,
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """``audio`` in a room; ``dry`` and ``cymbals`` say when drums are struck."""
        n_seconds = len(audio) // SAMPLE_RATE
        labels = np.zeros((n_seconds, len(INSTRUMENT_CLASSES)), dtype=bool)
        if cymbals is not None:
            together = (dry + cymbals).reshape(n_seconds, -1)
            loudest = 10 * np.log10((together**2).mean(1).max())
            for name, part in (("drums", dry), ("cymbals", cymbals)):
                level = 10 * np.log10((part.reshape(n_seconds, -1) ** 2).mean(1) + 1e-12)
                labels[:, _INDEX[name]] = level > loudest - 32.0
        elif sound.label is not None:
            labels[:, _INDEX[sound.label]] = activity(audio)
        phone = 0.0 if self._role == "held_out" else _PHONE_SHARE.get(sound.label or "", 0.08)
        heard = recorded(audio, self._rooms, self._rng, phone_share=phone)
        sounding = labels.any(axis=1) if labels.any() else np.ones(n_seconds, dtype=bool)
        rms = np.sqrt((heard.reshape(n_seconds, -1)[sounding] ** 2).mean()) + 1e-9
        return (heard / rms).astype(np.float32), labels


def unknown_of(sound: Sound) -> npt.NDArray[np.bool_]:
    """(20,): the classes that this sound neither is nor is not."""
    return np.isin(INSTRUMENT_CLASSES, sound.unknown)


def render_stems(
    maker: StemMaker, output: Path, *, n_shards: int, per_shard: int, n_variants: int, first: int
) -> None:
    """Shards of stems as the model sees them: log-mel in half precision, labels by second."""
    front = InstrumentAttention(InstrumentAttentionConfig())
    output.mkdir(parents=True, exist_ok=True)
    for shard in range(first, first + n_shards):
        log_mels, labels, unknowns, names, audios = [], [], [], [], []
        for _ in range(per_shard):
            sound = maker.draw()
            try:
                made = maker.make(sound, n_variants)
            except (ValueError, OSError, subprocess.SubprocessError) as error:
                logger.warning("%s: %s", sound, error)
                continue
            for audio, active in made:
                padded = np.pad(audio, front.margin)[: front.samples_of(N_SECONDS)]
                with torch.inference_mode():
                    features = front.log_mel(torch.from_numpy(padded)[None])[0]
                log_mels.append(features.half().numpy())
                audios.append(audio.astype(np.float16))
                labels.append(active)
                unknowns.append(unknown_of(sound))
                place = sound.place or sound.instrument
                names.append(f"{sound.source}:{place}:{sound.bank}:{sound.program}")
        assert log_mels[0].shape[0] == N_SECONDS * INSTANCE_FRAMES
        partial = output / f"partial-{shard:04d}.npz"
        np.savez(
            partial,
            log_mels=np.stack(log_mels),
            labels=np.stack(labels),
            unknowns=np.stack(unknowns),
            names=np.array(names),
            audio=np.stack(audios),
        )
        partial.rename(output / f"stems-{shard:04d}.npz")
        logger.info("shard %d of %s", shard, output)


def render_mixtures(maker: StemMaker, output: Path, *, n_mixtures: int, seed: int) -> None:
    """Polyphonic mixtures of one to six instruments as audio with labels, to measure on.

    Every class is the first instrument of as many mixtures as every other.
    """
    rng = np.random.default_rng(seed)
    audios, labels, unknowns = [], [], []
    for index in range(n_mixtures):
        n_sounds = int(rng.integers(1, 7))
        sounds = [maker.draw_of(maker.labels[index % len(maker.labels)])]
        sounds += [maker.draw() for _ in range(n_sounds - 1)]
        mixture = np.zeros(N_SECONDS * SAMPLE_RATE, dtype=np.float32)
        present = np.zeros((N_SECONDS, len(INSTRUMENT_CLASSES)), dtype=bool)
        unknown = np.zeros(len(INSTRUMENT_CLASSES), dtype=bool)
        for position, sound in enumerate(sounds):
            audio, active = maker.make(sound, 1)[0]
            gain_db = rng.uniform(-10.0, 0.0) if position else rng.uniform(-6.0, 0.0)
            mixture += audio * np.float32(10 ** (gain_db / 20))
            present |= active
            unknown |= unknown_of(sound)
        audios.append(_as_int16(mixture))
        labels.append(present)
        unknowns.append(unknown)
    _save(output, audios, labels, unknowns)


def render_recordings(
    maker: StemMaker, output: Path, *, n_recordings: int, n_phrases: int, seed: int
) -> None:
    """Longer recordings, of soloists and ensembles in which not all play all the time.

    Unlike in mixtures the sound of a player stays the same through a recording, as do its mistakes
    in the ears of a detector: what is named in a recording is decided on these.
    """
    rng = np.random.default_rng(seed)
    audios, labels, unknowns = [], [], []
    for index in range(n_recordings):
        is_solo = rng.random() < _SOLO_SHARE
        first = "piano" if is_solo and rng.random() < _PIANO_SHARE else None
        sounds = [maker.draw_of(first or maker.labels[index % len(maker.labels)])]
        if not is_solo:
            sounds += [maker.draw() for _ in range(int(rng.integers(1, _MOST_PLAYERS)))]
        mixture = np.zeros(n_phrases * N_SECONDS * SAMPLE_RATE, dtype=np.float32)
        present = np.zeros((n_phrases * N_SECONDS, len(INSTRUMENT_CLASSES)), dtype=bool)
        unknown = np.zeros(len(INSTRUMENT_CLASSES), dtype=bool)
        for position, sound in enumerate(sounds):
            plays = np.ones(n_phrases, dtype=bool)
            if not is_solo:
                plays = rng.random(n_phrases) < _PLAYING_SHARE
                plays[int(rng.integers(n_phrases))] = True
            audio, active = maker.make_long(sound, plays.tolist())
            gain_db = rng.uniform(-10.0, 0.0) if position else rng.uniform(-6.0, 0.0)
            mixture += audio * np.float32(10 ** (gain_db / 20))
            present |= active
            unknown |= unknown_of(sound)
        audios.append(_as_int16(mixture))
        labels.append(present)
        unknowns.append(unknown)
    _save(output, audios, labels, unknowns)


def _as_int16(audio: npt.NDArray[np.float32]) -> npt.NDArray[np.int16]:
    whole: npt.NDArray[np.int16] = np.round(audio / (np.abs(audio).max() + 1e-9) * 32000.0).astype(
        np.int16
    )
    return whole


def _save(
    output: Path,
    audios: list[npt.NDArray[np.int16]],
    labels: list[npt.NDArray[np.bool_]],
    unknowns: list[npt.NDArray[np.bool_]],
) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        output,
        audio=np.stack(audios),
        labels=np.stack(labels),
        unknowns=np.stack(unknowns),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Render stems to train on, mixtures to test on.")
    parser.add_argument("what", choices=("songs", "stems", "mixtures", "recordings"))
    parser.add_argument("output", type=Path)
    parser.add_argument("--assets", type=Path, required=True, help="folder of the training pack")
    parser.add_argument("--soundfonts", type=Path, default=Path("/usr/share/sounds/sf2"))
    parser.add_argument("--others", type=Path, required=True, help="folder of further libraries")
    parser.add_argument(
        "--instruments", type=Path, nargs="*", default=[],
        help="folders of the banks that 'add_instruments' and 'web_fonts' wrote",
    )  # fmt: skip
    parser.add_argument(
        "--banks", choices=("none", "too", "only"), default="none", help="play on these as well"
    )
    parser.add_argument("--songs", type=Path, help="what 'songs' wrote")
    parser.add_argument("--role", choices=("train", "held_out"), default="train")
    parser.add_argument("--count", type=int, default=10, help="shards, mixtures or recordings")
    parser.add_argument("--phrases", type=int, default=4, help="of ten seconds in a recording")
    parser.add_argument("--per-shard", type=int, default=32)
    parser.add_argument("--classes", nargs="+", help="only these, after another run of all")
    parser.add_argument("--variants", type=int, default=2)
    parser.add_argument("--first", type=int, default=0, help="number of the first shard")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO)
    if options.what == "songs":
        songs = read_songs(options.assets / "midi", n_songs=250, n_scores=150, n_drums=250)
        songs.save(options.output)
        return
    songs = _half(Songs.load(options.songs), options.role)
    places = Places(
        options.soundfonts,
        options.assets / "instruments",
        options.others,
        options.assets / "pianos",
        options.others / "hydrogen",
        tuple(options.instruments),
        options.output / "cache" if options.what == "stems" else None,
    )
    rooms = RoomPool(load_rooms(options.assets / "rir"), n_simulated=200, seed=options.seed)
    maker = StemMaker(
        places,
        songs,
        rooms,
        options.role,
        options.seed * 1000 + options.first,
        only=options.classes,
        banks=options.banks,
    )
    if options.what == "stems":
        render_stems(
            maker, options.output, n_shards=options.count, per_shard=options.per_shard,
            n_variants=options.variants, first=options.first,
        )  # fmt: skip
    elif options.what == "mixtures":
        render_mixtures(maker, options.output, n_mixtures=options.count, seed=options.seed)
    else:
        render_recordings(
            maker, options.output, n_recordings=options.count, n_phrases=options.phrases,
            seed=options.seed,
        )  # fmt: skip


def _half(songs: Songs, role: Role) -> Songs:
    """Four fifths of the music for training, the rest for measuring."""
    kept: dict[str, list[npt.NDArray[np.float64]]] = {}
    for style, parts in songs.parts.items():
        held_out = [part for index, part in enumerate(parts) if index % 5 == 4]
        train = [part for index, part in enumerate(parts) if index % 5 != 4]
        kept[style] = train if role == "train" else held_out
    return Songs(kept)


if __name__ == "__main__":
    main()
