"""Several sound files read as one, such as the links of a chained Ogg file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from amtstudio.audio.av_reader import AvReader
from amtstudio.audio.info import DecoderRefusedError, FloatArray, shown_name, silence
from amtstudio.audio.mixdown import MEAN, Channels, Mix
from amtstudio.audio.resampler import StreamResampler
from amtstudio.audio.soundfile_reader import SoundfileReader

logger = logging.getLogger("amtstudio.audio")


class ChainedReader:
    """Reads one file after the other, at the sample rate of the first.

    ``warn`` is called with a sentence about a link that could not be decoded to its end.
    """

    told_samples: int | None = None
    is_cut_off = False
    tells_length = False

    def __init__(
        self, links: Sequence[SoundfileReader | AvReader], *, warn: Callable[[str], None]
    ) -> None:
        self._links = links
        self._warn = warn
        self.sample_rate = links[0].sample_rate
        self._mix = MEAN
        durations = [link.info.duration for link in links]
        total = None if None in durations else sum(duration or 0.0 for duration in durations)
        self.info = replace(links[0].info, duration=total)
        self.n_samples = 0 if total is None else round(total * self.sample_rate)

    @property
    def mix(self) -> Mix:
        return self._mix

    @mix.setter
    def mix(self, mix: Mix) -> None:
        self._mix = mix
        for link in self._links:
            link.mix = mix

    def windows(self, n_windows: int) -> Iterator[Channels]:
        """As those of the links, which share them out."""
        step = -(-len(self._links) // n_windows)
        for link in self._links[::step]:
            yield from link.windows(max(n_windows * step // len(self._links), 1))

    def blocks(self, start: int) -> Iterator[FloatArray]:
        """Mono blocks from sample ``start`` on; a link that fails leaves out what it lacks.

        Raises ``DecoderRefusedError`` if not one link can be decoded.
        """
        to_skip = start
        n_failed = 0
        for link in self._links:
            if isinstance(link, SoundfileReader) and link.sample_rate == self.sample_rate:
                if 0 < link.n_samples <= to_skip:
                    to_skip -= link.n_samples
                    continue
                n_left, blocks = link.n_samples - to_skip, link.blocks(to_skip)
                to_skip = 0
            else:  # only decoding gives its exact length in samples
                n_left, blocks = 0, self._at_one_rate(link)
            try:
                for block in blocks:
                    n_left -= len(block)
                    n_drop = min(to_skip, len(block))
                    to_skip -= n_drop
                    if n_drop < len(block):
                        yield block[n_drop:]
            except DecoderRefusedError as refusal:
                logger.debug("%s: %s", link.info.path, refusal)
                name = shown_name(link.info.path)
                self._warn(f"{name} is damaged in one of the recordings that were joined into it")
                n_failed += 1
                yield from silence(n_left)  # the others keep their places in time
        if n_failed == len(self._links):
            raise DecoderRefusedError("no link could be decoded")

    def _at_one_rate(self, link: SoundfileReader | AvReader) -> Iterator[FloatArray]:
        if link.sample_rate == self.sample_rate:
            yield from link.blocks(0)
            return
        resampler = StreamResampler(link.sample_rate, self.sample_rate)
        for block in link.blocks(0):
            yield resampler.process(block)
        yield resampler.flush()

    def close(self) -> None:
        for link in self._links:
            link.close()
