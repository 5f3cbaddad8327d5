"""A clip of drums with its truth: hits played on sampled kits, mixed, accompanied, recorded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import scipy.signal

from amtstudio.features import hop_energies, running_level
from amtstudio.symbolic.drums import DRUMS
from training.drums.bank import LEAD, SAMPLE_RATE, BankTake, DrumBank
from training.drums.kits import VOICES
from training.drums.patterns import VOICE_INDEX, Patterns
from training.drums.recording import Recorder

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from amtstudio.features import FrameGrid
    from training.drums.accompaniment import Accompaniment
    from training.drums.patterns import Hits

    Audio = npt.NDArray[np.float32]

LEAD_S = 1.0  # of sound before the clip: what rings into it
# The drum that each voice counts as; hand percussion is none.
DRUM_OF_VOICE = {
    voice: {"hihat_pedal": "hihat_closed", "ride_bell": "ride"}.get(voice, voice)
    for voice in VOICES
    if voice != "percussion"
}
# dB of a full stroke against the others, as overheads and a usual mix have them.
_USUAL_DB = {
    "kick": 0.0, "snare": 0.0, "side_stick": -5.0, "hihat_closed": -12.0, "hihat_pedal": -15.0,
    "hihat_open": -11.0, "tom_low": -1.5, "tom_mid": -2.0, "tom_high": -2.0, "ride": -13.0,
    "ride_bell": -11.0, "crash": -7.0, "percussion": -10.0,
}  # fmt: skip
_HIHATS = frozenset(VOICE_INDEX[name] for name in ("hihat_closed", "hihat_pedal", "hihat_open"))
_CYMBALS = frozenset(
    VOICE_INDEX[name]
    for name in ("hihat_closed", "hihat_pedal", "hihat_open", "ride", "ride_bell", "crash")
)
_HEADS = frozenset(
    VOICE_INDEX[name] for name in ("kick", "snare", "tom_low", "tom_mid", "tom_high")
)


@dataclass(frozen=True)
class DrumClip:
    """Audio with the model's margin at both ends, and its truth.

    Attributes
    ----------
    audio : np.ndarray, shape (n_samples,)
    level : np.ndarray, shape (n_frames,)
    hits : np.ndarray, shape (n_hits, 3)
        Seconds from frame 0, index into ``DRUMS``, MIDI velocity; sorted by time.
    """

    audio: Audio
    level: npt.NDArray[np.float32]
    hits: npt.NDArray[np.float64]


@dataclass(frozen=True)
class PlayedTake:
    """A take as this clip's kit has it."""

    take: BankTake
    gain_db: float
    ratio: float  # of playback speed
    damping_s: float  # time constant of further decay; 0: none
    send: float  # how much of it reaches the room
    peaks: tuple[tuple[float, float, float], ...] = ()  # Hz, dB, Q of an equaliser of its own
    under: BankTake | None = None  # another drum of the kind that sounds with it, as producers do
    under_db: float = 0.0


@dataclass
class ClipKit:
    """For each voice, the takes that its hits are played on."""

    takes: dict[int, list[PlayedTake]]
    exponent: float  # amplitude is velocity to this power
    jitter_db: float
    rattle_db: float | None = None  # of the snare's wires when another drum is struck


@dataclass
class KitChooser:
    """Draws a kit: most of them whole, the rest put together from several."""

    bank: DrumBank
    roles: tuple[str, ...] = ("train",)
    mixed_share: float = 0.35
    synthetic_share: float = 0.07  # of kits, and of the drums of mixed ones
    is_varied: bool = True  # False: every drum at its usual level, as it was sampled
    _by_kit: dict[str, dict[str, list[BankTake]]] = field(default_factory=dict)
    _by_voice: dict[str, dict[bool, list[BankTake]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for take in self.bank.of_role(*self.roles):
            self._by_kit.setdefault(take.kit, {}).setdefault(take.voice, []).append(take)
            is_synthetic = take.kit.startswith("synthetic")
            self._by_voice.setdefault(take.voice, {}).setdefault(is_synthetic, []).append(take)
        if not self._by_kit:
            raise ValueError(f"the bank has no kits for {', '.join(self.roles)}")

    def kits(self) -> list[str]:
        return sorted(self._by_kit)

    def draw(self, rng: np.random.Generator, *, kit: str | None = None) -> ClipKit:
        """A kit for a clip; ``kit``: that one, and other kits where it lacks a drum."""
        if kit is None and rng.random() >= self.mixed_share:
            kit = self._some_kit(rng)
        own = self._by_kit.get(kit, {}) if kit is not None else {}
        takes: dict[int, list[PlayedTake]] = {}
        for voice in VOICES:
            found = own.get(voice) or self._any(voice, rng)
            if not found:
                continue
            # Some kits have two crashes, two snares; a drummer keeps to one snare.
            several = voice in ("crash", "ride", "tom_low", "percussion")
            count = min(len(found), int(rng.integers(1, 4)) if several else 1)
            picked = rng.permutation(len(found))[:count]
            takes[VOICE_INDEX[voice]] = [self._as_played(found[int(i)], rng) for i in picked]
        _tune_toms(takes)
        if not self.is_varied:
            return ClipKit(takes, 1.4, 0.0)
        rattle_db = float(rng.uniform(-42.0, -22.0)) if rng.random() < 0.3 else None
        return ClipKit(takes, float(rng.uniform(1.1, 1.8)), float(rng.uniform(0.0, 1.2)), rattle_db)

    def _some_kit(self, rng: np.random.Generator) -> str:
        names = self.kits()
        is_synthetic = rng.random() < self.synthetic_share
        fitting = [name for name in names if name.startswith("synthetic") == is_synthetic] or names
        # Kits of many velocity layers, microphones and files more often than one-shots.
        weights = np.array([_WEIGHTS.get(name.split(":")[0], 1.0) for name in fitting])
        return fitting[int(rng.choice(len(fitting), p=weights / weights.sum()))]

    def _any(self, voice: str, rng: np.random.Generator) -> list[BankTake]:
        found = self._by_voice.get(voice)
        if not found:
            return []
        is_synthetic = rng.random() < self.synthetic_share
        takes = found.get(is_synthetic) or found[not is_synthetic]
        weights = np.array([_take_weight(take) for take in takes])
        return [takes[int(rng.choice(len(takes), p=weights / weights.sum()))]]

    def _as_played(self, take: BankTake, rng: np.random.Generator) -> PlayedTake:
        usual = _USUAL_DB[take.voice]
        if not self.is_varied:
            return PlayedTake(take, usual, 1.0, 0.0, 1.0)
        voice = VOICE_INDEX[take.voice]
        spread = 2.0 if voice in _HEADS else 2.5
        ratio = 1.0
        if rng.random() < 0.6:
            ratio = 2.0 ** (float(np.clip(rng.normal(0.0, spread / 1.5), -spread, spread)) / 12.0)
        damping = 0.0
        if rng.random() < (0.3 if take.voice.startswith("tom") else 0.15):
            damping = float(np.exp(rng.uniform(np.log(0.08), np.log(1.0))))
            if take.voice in ("crash", "ride", "hihat_open", "ride_bell"):
                damping = max(damping, 0.5)
        gain = usual + rng.normal(0.0, 3.0 if voice in _HEADS else 4.5)
        peaks: list[tuple[float, float, float]] = []
        if rng.random() < 0.6:
            lowest = 60.0 if voice in _HEADS else 400.0
            for _ in range(int(rng.integers(1, 4))):
                hertz = float(np.exp(rng.uniform(np.log(lowest), np.log(14000.0))))
                peaks.append((hertz, float(rng.normal(0.0, 5.0)), float(rng.uniform(0.4, 2.0))))
        under = None
        under_db = float(rng.uniform(-9.0, 0.0))
        if take.voice == "hihat_open" and rng.random() < _HALF_OPEN_SHARE:
            # Held loosely, the cymbals rattle: struck as a closed one, and dying away sooner.
            under = self._any("hihat_closed", rng)[0]
            under_db = float(rng.uniform(-9.0, 3.0))
            damping = float(np.exp(rng.uniform(np.log(0.15), np.log(0.8))))
        elif rng.random() < _LAYERED_SHARE.get(take.voice, 0.0):
            under = self._any(take.voice, rng)[0]
        send = float(rng.uniform(0.3, 1.0))
        return PlayedTake(take, gain, ratio, damping, send, tuple(peaks), under, under_db)


# Two kicks, snares or cymbals that sound together are one that no kit has; two toms are a chord.
_LAYERED_SHARE = {
    "kick": 0.2, "snare": 0.2, "hihat_closed": 0.25, "hihat_pedal": 0.25, "hihat_open": 0.25,
    "ride": 0.35, "ride_bell": 0.25, "crash": 0.3,
}  # fmt: skip
_HALF_OPEN_SHARE = 0.35
# Fonts have ten programs each, which share most of their samples.
_WEIGHTS = {"jazzkit": 2.0, "muldjord": 7.0, "gogodze": 7.0, "discord": 6.0, "virtuosity": 5.0,
            "rumpf": 0.5, "pearl": 0.4, "uzu": 1.0, "sonic_pi": 1.5, "audiophob": 0.2,
            "fluidr3": 0.5}  # fmt: skip
_ONE_SHOTS = ("rumpf", "pearl", "uzu", "sonic_pi", "audiophob")


def _take_weight(take: BankTake) -> float:
    if take.kit.startswith(("fluidr3", "timgm6mb")):
        return 0.15  # its programs share most of their samples
    if take.kit in _ONE_SHOTS:
        return 0.3
    return 0.6 + min(len(take.layers), 8) / 4.0


def _tune_toms(takes: dict[int, list[PlayedTake]]) -> None:
    """Toms of one kit keep their intervals: all are tuned up or down together."""
    toms = [VOICE_INDEX[name] for name in ("tom_low", "tom_mid", "tom_high")]
    ratios = [played.ratio for voice in toms for played in takes.get(voice, [])]
    for voice in toms:
        if voice in takes:
            takes[voice] = [replace(played, ratio=ratios[0]) for played in takes[voice]]


@dataclass(frozen=True)
class DrumClipMaker:
    """Makes clips of ``n_frames`` frames: pattern, kit, mix and recording drawn again each time."""

    bank: DrumBank
    chooser: KitChooser
    patterns: Patterns
    recorder: Recorder | None  # None: as the samples sound
    accompaniment: Accompaniment | None
    grid: FrameGrid
    margin: int
    n_frames: int = 600
    accompanied_share: float = 0.7
    silent_share: float = 0.04  # of clips without a drum: accompaniment, noise, nothing
    alone: Accompaniment | None = None  # what is struck and no drum, in clips without any
    alone_share: float = 0.1
    percussion_share: float = 0.12
    others_db: tuple[float, float] = (7.0, 6.0)  # of the accompaniment: mean, deviation

    def plain(self) -> DrumClipMaker:
        """The same kits and patterns as the samples sound, without anything beside them."""
        return replace(
            self,
            recorder=None,
            accompaniment=None,
            percussion_share=0.0,
            silent_share=0.0,
            alone=None,
        )

    def make(self, rng: np.random.Generator, *, kit: str | None = None) -> DrumClip:
        """Make a clip; the same generator state gives the same clip."""
        seconds = self.grid.to_seconds(self.n_frames)
        total = LEAD_S + seconds + 0.3
        if self.alone is not None and rng.random() < self.alone_share:
            return self._without_drums(self.alone, round(total * SAMPLE_RATE), rng)
        hits = self.patterns.draw(total, rng)
        if rng.random() < self.silent_share:
            hits = hits[:0]
        n_samples = round(total * SAMPLE_RATE)
        dry, send = self.play(hits, self.chooser.draw(rng, kit=kit), n_samples, rng)
        audio = dry if self.recorder is None else self.recorder.drums(dry, send, rng)
        is_accompanied = rng.random() < (1.0 if not len(hits) else self.accompanied_share)
        if self.accompaniment is not None and is_accompanied:
            audio = self._accompanied(audio, rng)
        if self.recorder is not None:
            audio = self.recorder.master(audio, rng)
        return self._cut(audio, hits)

    def _without_drums(
        self, alone: Accompaniment, n_samples: int, rng: np.random.Generator
    ) -> DrumClip:
        """Something alone, heard as drums would be: in a room, through their microphones."""
        audio = alone.draw(n_samples, rng)
        if self.recorder is not None:
            audio = self.recorder.master(self.recorder.drums(audio, audio, rng), rng)
        return self._cut(audio, np.zeros((0, 3)))

    def _accompanied(self, drums: Audio, rng: np.random.Generator) -> Audio:
        assert self.accompaniment is not None
        others = self.accompaniment.draw(len(drums), rng)
        loudness = float(np.sqrt(np.mean(drums**2))) or 0.1
        # Of a mix, drums are the peaks and not the power: the others are louder on the whole.
        gain_db = float(rng.normal(*self.others_db))
        scale = 10.0 ** (gain_db / 20.0) * loudness / (float(np.sqrt(np.mean(others**2))) + 1e-9)
        mixed: Audio = drums + others * np.float32(scale)
        return mixed

    def play(
        self, hits: Hits, kit: ClipKit, n_samples: int, rng: np.random.Generator
    ) -> tuple[Audio, Audio]:
        """Add up the samples; what comes of them directly, and what is sent into the room."""
        dry = np.zeros(n_samples, dtype=np.float32)
        send = np.zeros(n_samples, dtype=np.float32)
        hits = self._with_percussion(hits, n_samples, rng)
        chokes = _choke_times(hits)
        sounds: dict[tuple[int, int, int], Audio] = {}
        for (time, voice_number, velocity), choke in zip(hits, chokes, strict=True):
            voice = int(voice_number)
            options = kit.takes.get(voice)
            if not options:
                continue
            which = int(rng.integers(len(options)))
            played = options[which]
            layer = _layer(len(played.take.layers), velocity, rng)
            key = (voice, which, layer)
            if key not in sounds:
                sounds[key] = self._sound(played, layer)
            sound = sounds[key]
            gain_db = played.gain_db + kit.jitter_db * rng.normal()
            gain = 10.0 ** (gain_db / 20.0) * (velocity / 127.0) ** kit.exponent
            start = round(time * SAMPLE_RATE) - round(LEAD / played.ratio)
            if choke is not None:
                sound = _choked(sound, choke - time)
            skipped = max(-start, 0)
            part = sound[skipped : skipped + n_samples - max(start, 0)] * np.float32(gain)
            if not len(part):
                continue
            place = slice(max(start, 0), max(start, 0) + len(part))
            dry[place] += part
            send[place] += part * np.float32(played.send)
        if kit.rattle_db is not None:
            self._rattle(dry, hits, kit, rng)
        return dry, send

    def _rattle(self, dry: Audio, hits: Hits, kit: ClipKit, rng: np.random.Generator) -> None:
        """The wires of the snare drum answer kick and toms."""
        snares = kit.takes.get(VOICE_INDEX["snare"])
        if not snares or kit.rattle_db is None:
            return
        sound = self._sound(snares[0], 0)
        gain = 10.0 ** ((kit.rattle_db + snares[0].gain_db) / 20.0)
        for time, voice, velocity in hits:
            if int(voice) in _HEADS and int(voice) != VOICE_INDEX["snare"]:
                start = max(round((time + rng.uniform(0.002, 0.015)) * SAMPLE_RATE), 0)
                part = sound[LEAD : LEAD + max(len(dry) - start, 0)]
                dry[start : start + len(part)] += part * np.float32(gain * velocity / 127.0)

    def _with_percussion(self, hits: Hits, n_samples: int, rng: np.random.Generator) -> Hits:
        """Claps, shakers and the like, which are no drum of the ten."""
        if rng.random() >= self.percussion_share:
            return hits
        step = rng.uniform(0.1, 0.6)
        times = np.arange(rng.uniform(0, step), n_samples / SAMPLE_RATE, step)
        times = times[rng.random(len(times)) < rng.uniform(0.3, 1.0)]
        voice = np.full(len(times), VOICE_INDEX["percussion"])
        more = np.column_stack([times, voice, rng.uniform(30, 120, len(times))])
        joined = np.concatenate([hits, more])
        return joined[np.argsort(joined[:, 0], kind="stable")]

    def _sound(self, played: PlayedTake, layer: int) -> Audio:
        sound = self.bank.sound(played.take.layers[layer])
        if played.under is not None:
            other = played.under.layers
            more = self.bank.sound(other[layer * len(other) // len(played.take.layers)])
            joined = np.zeros(max(len(sound), len(more)), dtype=np.float32)
            joined[: len(sound)] += sound
            joined[: len(more)] += more * np.float32(10.0 ** (played.under_db / 20.0))
            sound = joined
        if played.peaks:
            sections = np.array([_peak_filter(*peak) for peak in played.peaks])
            sound = scipy.signal.sosfilt(sections, sound).astype(np.float32)
        if played.ratio != 1.0:
            positions = np.arange(int((len(sound) - 1) / played.ratio)) * np.float32(played.ratio)
            whole = positions.astype(np.int32)
            part = (positions - whole).astype(np.float32)
            sound = sound[whole] * (1 - part) + sound[whole + 1] * part
        if played.damping_s:
            times = np.arange(len(sound), dtype=np.float32) / SAMPLE_RATE
            sound = sound * np.exp(-times / np.float32(played.damping_s))
        return sound

    def _cut(self, audio: Audio, hits: Hits) -> DrumClip:
        start = round(LEAD_S * SAMPLE_RATE)
        hop = self.grid.hop_length
        inside = audio[start : start + self.n_frames * hop]
        level = running_level(hop_energies(inside, hop), hop, SAMPLE_RATE)
        span = (self.n_frames - 1) * hop + 2 * self.margin
        padded = np.zeros(span, dtype=np.float32)
        source = audio[start - self.margin : start - self.margin + span]
        padded[: len(source)] = source
        return DrumClip(padded, level, drums_of(hits, LEAD_S, self.grid.to_seconds(self.n_frames)))


def drums_of(hits: Hits, start: float, seconds: float) -> npt.NDArray[np.float64]:
    """The truth of a stretch: voices as drums, times from its start."""
    columns = []
    for time, voice, velocity in hits:
        drum = DRUM_OF_VOICE.get(VOICES[int(voice)])
        if drum is not None and 0.0 <= time - start < seconds:
            columns.append((time - start, DRUMS.index(drum), velocity))
    return np.array(sorted(columns), dtype=np.float64).reshape(-1, 3)


def _peak_filter(hertz: float, gain_db: float, q: float) -> list[float]:
    """A peaking equaliser as a second-order section.

    References
    ----------
    Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients".
    """
    amplitude = 10.0 ** (gain_db / 40.0)
    angle = 2.0 * np.pi * hertz / SAMPLE_RATE
    alpha = np.sin(angle) / (2.0 * q)
    top = [1.0 + alpha * amplitude, -2.0 * np.cos(angle), 1.0 - alpha * amplitude]
    bottom = [1.0 + alpha / amplitude, -2.0 * np.cos(angle), 1.0 - alpha / amplitude]
    return [float(value / bottom[0]) for value in top + bottom]


def _layer(count: int, velocity: float, rng: np.random.Generator) -> int:
    """Which sample: by velocity, and around it at random, so that repeated strokes differ."""
    place = velocity / 128.0 * count + rng.normal(0.0, max(0.35, count / 16.0))
    return int(np.clip(place, 0, count - 1))


def _choke_times(hits: Hits) -> list[float | None]:
    """When an open hi-hat is closed: at the next stroke on the hi-hat."""
    times: list[float | None] = [None] * len(hits)
    following: float | None = None
    for index in range(len(hits) - 1, -1, -1):
        if int(hits[index, 1]) in _HIHATS:
            if hits[index, 1] == VOICE_INDEX["hihat_open"]:
                times[index] = following
            following = float(hits[index, 0])
    return times


def _choked(sound: Audio, after_s: float) -> Audio:
    first = max(round(after_s * SAMPLE_RATE) + LEAD, 0)
    n_fade = round(0.03 * SAMPLE_RATE)
    if first >= len(sound):
        return sound
    cut = sound[: first + n_fade].copy()
    cut[first:] *= np.linspace(1.0, 0.0, len(cut) - first, dtype=np.float32)
    return cut


def batch_targets(
    clips: Sequence[DrumClip], grid: FrameGrid, n_frames: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Onset and velocity for the network, each (batch, n_frames, drums).

    An onset at frame ``t + x`` is ``1 - x`` on frame ``t`` and ``x`` on the next, so that the
    decoder finds it again finer than a frame.
    """
    shape = (len(clips), n_frames, len(DRUMS))
    onset = np.zeros(shape, dtype=np.float32)
    velocity = np.zeros(shape, dtype=np.float32)
    for number, clip in enumerate(clips):
        for time, drum_number, midi in clip.hits:
            position = time * grid.sample_rate / grid.hop_length
            frame, drum = int(position), int(drum_number)
            part = position - frame
            for at, weight in ((frame, 1.0 - part), (frame + 1, part)):
                if at < n_frames and weight > onset[number, at, drum]:
                    onset[number, at, drum] = weight
                    velocity[number, at, drum] = midi / 127.0
    return onset, velocity
