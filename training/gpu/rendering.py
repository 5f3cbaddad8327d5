"""Clips of training audio made on the GPU, a batch at a time, from what was planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from amtstudio.features.dereverberation import CLIP_EVERY, SILENCE, without_late_echo
from amtstudio.features.level import LEVEL_FLOOR, LEVEL_HALF_WINDOW_S
from amtstudio.learning.recording_conditions import SAMPLE_RATE
from amtstudio.learning.rooms import LONGEST_S, simulate_room
from training.gpu.planning import (
    N_SIMULATED,
    N_STRINGINGS,
    PEDAL_HOP,
    SETTINGS,
    STRING,
    sound_length,
)
from training.synthesis.performance import LEAD_S
from training.synthesis.resonance import FADE_S, string_response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from amtstudio.features import FrameGrid
    from training.gpu.pack import PackedPiano

_FALLS = 5.0  # times the fade of a string, after which it is silent
_AT_ONCE = 2**22  # samples of strings, for memory's sake
_AT_ONCE_ON_GPU = 2**26
_DIRECT = 80  # samples of a recorded room that any distance leaves as they are
_COMPRESSION_HOP = 160  # samples
_HUM_HARMONICS = 3
ROOM_SEED = 909  # the simulated rooms of the other synthesiser
_HALF_COLOUR = 20.0  # Hz bin below which noise is level


class ClipRenderer:
    """Renders batches of plans on ``device``.

    Parameters
    ----------
    pianos : sequence of PackedPiano
        In the order that the planner has them.
    rooms : sequence of np.ndarray
        The recorded ones.
    grid : FrameGrid
    n_frames : int
    margin : int, samples
        That the model wants on either side.
    n_simulated, n_stringings : int
        Fewer than there may be planned only for tests: numbers are taken modulo them.
    """

    def __init__(
        self,
        pianos: Sequence[PackedPiano],
        rooms: Sequence[npt.NDArray[np.float32]],
        *,
        grid: FrameGrid,
        n_frames: int,
        margin: int,
        device: torch.device,
        seed: int,
        n_simulated: int = N_SIMULATED,
        n_stringings: int = N_STRINGINGS,
    ) -> None:
        self._device, self._grid = device, grid
        self._n_frames, self._margin = n_frames, margin
        self._n_samples = sound_length(grid, n_frames)
        samples = np.concatenate([piano.samples for piano in pianos])
        self._samples = torch.from_numpy(samples).to(device)
        self._n_fft = _fast_length(self._n_samples + round(LONGEST_S * SAMPLE_RATE))
        simulated = [
            simulate_room(np.random.default_rng([ROOM_SEED, number]))
            for number in range(n_simulated)
        ]
        self._n_recorded = len(rooms)
        self._rooms = self._stacked([*rooms, *simulated])
        self._stringings = self._stacked(
            [string_response(np.random.default_rng(number)) for number in range(n_stringings)]
        )
        self._noise = torch.Generator(device).manual_seed(seed)

    def _stacked(self, responses: Sequence[npt.NDArray[np.float32]]) -> Tensor:
        longest = round(LONGEST_S * SAMPLE_RATE)
        stacked = np.zeros((len(responses), longest), dtype=np.float32)
        for row, response in zip(stacked, responses, strict=True):
            row[: len(response)] = response[:longest]
        return torch.from_numpy(stacked).to(self._device)

    @torch.no_grad()
    def render(self, plans: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The batch that a trainer takes, from what ``together`` made of its plans."""
        given = {name: value.to(self._device, non_blocking=True) for name, value in plans.items()}
        settings = {name: given["settings"][:, i].float() for i, name in enumerate(SETTINGS)}
        n_clips = len(given["settings"])
        sound = self.struck(given["strings"], n_clips)
        sound = self._with_resonance(sound, given["pedal_hops"], settings)
        sound = self._filtered(sound, given["equaliser"], settings)
        audio = self._recorded(sound, settings)
        audio = self._dereverberated(audio, settings["dereverberates"])
        names = ("strings", "pedal_hops", "settings", "equaliser")
        targets = {name: value for name, value in given.items() if name not in names}
        return self._cut(audio) | targets

    def struck(self, strings: Tensor, n_clips: int) -> Tensor:
        """All strings added up, (n_clips, n_samples)."""
        n_samples = self._n_samples
        mix = torch.zeros(n_clips * n_samples + 1, device=self._device)
        sounding = _sounding_samples(strings, n_samples)
        order = torch.argsort(sounding, descending=True)
        lengths = sounding[order].tolist()
        at_once = _AT_ONCE_ON_GPU if self._device.type == "cuda" else _AT_ONCE
        first = 0
        while first < len(lengths) and lengths[first] > 0:
            last = min(len(lengths), first + max(1, at_once // lengths[first]))
            chosen = order[first:last]
            self._add(mix, strings[chosen], sounding[chosen], lengths[first])
            first = last
        return mix[:-1].view(n_clips, n_samples)

    def _add(self, mix: Tensor, strings: Tensor, sounding: Tensor, longest: int) -> None:
        """Strings, none of which sounds for more than ``longest`` samples."""
        column = {name: strings[:, i, None] for i, name in enumerate(STRING)}
        begin = column["start"].ceil()
        times = torch.arange(longest, device=self._device)[None]
        # Where in its recording each sample lies; doubles, for it may be minutes into all of them.
        place = (times + (begin - column["start"])) * column["rate"]
        whole = place.floor()
        part = (place - whole).float()
        inside = (times < sounding[:, None]) & (whole < column["length"] - 2)
        index = (column["first"] + whole.clamp(min=1)).long().clamp(max=len(self._samples) - 3)
        before, here, after, beyond = (
            self._samples[index + step].float() for step in (-1, 0, 1, 2)
        )
        # Catmull-Rom between the samples, and what ``playing.brightened`` does to them.
        value = here + 0.5 * part * (
            (after - before)
            + part
            * (
                2 * before
                - 5 * here
                + 4 * after
                - beyond
                + part * (3 * (here - after) + beyond - before)
            )
        )
        sharpened = here - 0.5 * (before + after)
        sharpened = sharpened + part * (after - 0.5 * (here + beyond) - sharpened)
        value = value + column["brightness"].float() * sharpened
        fading = (times - column["held"]).clamp(min=0.0) / column["fade"]
        envelope = column["gain"] * torch.exp(-column["decay"] * times - fading)
        value = torch.where(inside, value * envelope.float(), 0.0)
        target = column["clip"] * self._n_samples + begin + times
        target = torch.where(inside, target, mix.numel() - 1.0).long()
        mix.index_add_(0, target.flatten(), value.flatten())

    def _with_resonance(
        self, sound: Tensor, pedal_hops: Tensor, settings: Mapping[str, Tensor]
    ) -> Tensor:
        """As ``resonance.with_resonance``."""
        lifted = pedal_hops.repeat_interleave(PEDAL_HOP, dim=1)[:, : self._n_samples]
        n_fade = round(FADE_S * SAMPLE_RATE)
        sums = functional.pad(lifted, (n_fade, 0)).double().cumsum(dim=1)
        sums = functional.pad(sums, (1, 0))
        lifted = ((sums[:, n_fade:-1] - sums[:, : -n_fade - 1]) / n_fade).float()
        lifted = functional.pad(lifted, (0, self._n_samples - lifted.shape[1]))
        heard = sound * lifted
        number = torch.nan_to_num(settings["stringing"]).long() % len(self._stringings)
        answer = self._convolved(heard, self._stringings[number]) * lifted
        loudness = (heard.square().sum(1) / (answer.square().sum(1) + 1e-20)).sqrt()
        gain = torch.nan_to_num(10.0 ** (settings["resonance_db"] / 20.0)) * loudness
        return sound + gain[:, None] * answer

    def _convolved(self, sound: Tensor, responses: Tensor) -> Tensor:
        spectrum = torch.fft.rfft(sound, self._n_fft) * torch.fft.rfft(responses, self._n_fft)
        convolved: Tensor = torch.fft.irfft(spectrum, self._n_fft)[:, : self._n_samples]
        return convolved

    def _filtered(self, sound: Tensor, equaliser: Tensor, settings: Mapping[str, Tensor]) -> Tensor:
        """As ``recording_conditions.filter_sound``."""
        is_in_room = ~torch.isnan(settings["room"])
        number = torch.nan_to_num(settings["room"]).long()
        n_simulated = len(self._rooms) - self._n_recorded
        is_simulated = number >= self._n_recorded
        simulated = self._n_recorded + (number - self._n_recorded) % max(n_simulated, 1)
        responses = self._rooms[torch.where(is_simulated, simulated, number)].clone()
        responses[:, _DIRECT:] *= torch.nan_to_num(settings["distance"], nan=1.0)[:, None]
        dry = torch.zeros_like(responses[:1])
        dry[:, 0] = 1.0
        responses = torch.where(is_in_room[:, None], responses, dry)
        gain = functional.interpolate(
            equaliser[:, None], self._n_fft // 2 + 1, mode="linear", align_corners=True
        )[:, 0]
        spectrum = torch.fft.rfft(sound, self._n_fft) * torch.fft.rfft(responses, self._n_fft)
        filtered: Tensor = torch.fft.irfft(spectrum * gain, self._n_fft)[:, : self._n_samples]
        return filtered

    def _recorded(self, sound: Tensor, settings: Mapping[str, Tensor]) -> Tensor:
        """As ``recording_conditions.record``."""
        rms = sound.square().mean(dim=1, keepdim=True).sqrt()
        is_silent = rms < 1e-7
        audio = sound / rms.clamp(min=1e-7)
        audio = self._compressed(audio, settings)
        audio = audio + self._noises(settings)
        times = torch.arange(self._n_samples, device=self._device) / SAMPLE_RATE
        amplitude = torch.nan_to_num(10.0 ** (-settings["hum_db"] / 20.0))[:, None]
        hum_hz = torch.nan_to_num(settings["hum_hz"])[:, None]
        turns = torch.rand(
            _HUM_HARMONICS, len(audio), 1, generator=self._noise, device=self._device
        )
        for harmonic in range(1, _HUM_HARMONICS + 1):
            angle = 2 * torch.pi * (hum_hz * harmonic * times + turns[harmonic - 1])
            audio = audio + amplitude / harmonic * torch.sin(angle)
        ceiling = torch.nan_to_num(settings["ceiling"], nan=torch.inf)[:, None]
        audio = audio.clamp(-ceiling, ceiling)
        audio = audio * 10.0 ** (settings["level_db"][:, None] / 20.0)
        hiss = self._normal(audio.shape) * 10.0 ** (-4.5 + 1.5 * turns[0])
        return torch.where(is_silent, hiss, audio)

    def _compressed(self, audio: Tensor, settings: Mapping[str, Tensor]) -> Tensor:
        hop = _COMPRESSION_HOP
        n_hops = -(-self._n_samples // hop)
        padded = functional.pad(audio, (0, n_hops * hop - self._n_samples))
        power = padded.view(len(audio), n_hops, hop).square().mean(dim=2)
        sums = functional.pad(power.double().cumsum(dim=1), (1, 0))
        width = torch.nan_to_num(settings["compression_hops"], nan=1.0).long()[:, None]
        last = torch.arange(1, n_hops + 1, device=self._device)[None]
        smooth = (sums[:, 1:] - sums.gather(1, (last - width).clamp(min=0))) / width
        gain = (smooth + 0.05) ** -torch.nan_to_num(settings["compression"])[:, None]
        return audio * gain.float().repeat_interleave(hop, dim=1)[:, : self._n_samples]

    def _noises(self, settings: Mapping[str, Tensor]) -> Tensor:
        white = self._normal((len(settings["noise_db"]), self._n_samples))
        spectrum = torch.fft.rfft(white)
        bins = torch.arange(spectrum.shape[1], device=self._device).clamp(min=_HALF_COLOUR)
        coloured = torch.fft.irfft(
            spectrum * bins ** -settings["noise_colour"][:, None], self._n_samples
        )
        coloured = coloured / (coloured.std(dim=1, keepdim=True) + 1e-9)
        noises: Tensor = coloured * 10.0 ** (-settings["noise_db"][:, None] / 20.0)
        return noises

    def _normal(self, shape: tuple[int, ...] | torch.Size) -> Tensor:
        return torch.randn(shape, generator=self._noise, device=self._device)

    def _dereverberated(self, audio: Tensor, chosen: Tensor) -> Tensor:
        level = audio.double().square().mean(dim=1).sqrt().float()
        rows = torch.nonzero((chosen == 1.0) & (level > SILENCE))[:, 0]
        if len(rows):
            levels = level[rows, None]
            cleaned = without_late_echo(audio[rows] / levels, CLIP_EVERY) * levels
            # One clip whose filter cannot be found must not end a run.
            is_sound = torch.isfinite(cleaned).all(dim=1, keepdim=True)
            audio[rows] = torch.where(is_sound, cleaned, audio[rows])
        return audio

    def _cut(self, audio: Tensor) -> dict[str, Tensor]:
        """As ``ClipMaker`` cuts a clip out of the sound around it."""
        hop, n_frames = self._grid.hop_length, self._n_frames
        start = round(LEAD_S * SAMPLE_RATE)
        inside = audio[:, start : start + n_frames * hop].reshape(len(audio), n_frames, hop)
        sums = functional.pad(inside.double().square().sum(dim=2).cumsum(dim=1), (1, 0))
        half = round(LEVEL_HALF_WINDOW_S * self._grid.sample_rate / hop)
        frames = torch.arange(n_frames, device=self._device)
        first, last = (frames - half).clamp(min=0), (frames + half + 1).clamp(max=n_frames)
        mean_square = (sums[:, last] - sums[:, first]) / ((last - first) * hop)
        level = mean_square.clamp(min=0.0).sqrt().float().clamp(min=LEVEL_FLOOR)
        begin = start - self._margin
        span = (n_frames - 1) * hop + 2 * self._margin
        return {"audio": audio[:, begin : begin + span].contiguous(), "level": level}


def _sounding_samples(strings: Tensor, n_samples: int) -> Tensor:
    """Samples that each string sounds for, in the clip's sound; (n_strings,) of int64."""
    column = {name: strings[:, i] for i, name in enumerate(STRING)}
    begin = column["start"].ceil()
    recorded = (column["length"] - 2) / column["rate"] - (begin - column["start"])
    damped = column["held"] + _FALLS * column["fade"]
    sounding = torch.minimum(torch.minimum(recorded, damped), n_samples - begin)
    return sounding.clamp(min=0.0).long()


def _fast_length(n_samples: int) -> int:
    """The next length that is a product of 2, 3 and 5."""
    lengths: list[int] = [
        2**a * 3**b * 5**c for a in range(1, 24) for b in range(4) for c in range(4)
    ]
    return min(length for length in lengths if length >= n_samples)
