"""The recording, readable at any sample of the output's rate without holding it in memory."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Generator
from pathlib import Path

import numpy as np

from amtstudio.audio import FloatArray, probe, stream_mono
from amtstudio.errors import BadAudioError

BLOCK_S = 1.0  # seconds
CACHE_BLOCKS = 120  # two minutes, 23 MB at 48 kHz: a loop is decoded once
WARM_UP_S = 0.5  # read before the requested position: the resampler's filter has settled by then
REACH_BLOCKS = 3  # reading on to a block this far ahead is quicker than opening the file again


class OriginalAudio:
    """A recording, decoded where it is read; for one thread at a time.

    Sample ``i`` is the same whichever way it is reached: reading from the middle of the file gives
    what reading all of it would have given (to the last bits of the resampler).

    Raises the errors of ``amtstudio.audio.probe`` if the file cannot be used.
    """

    def __init__(self, path: Path, *, sample_rate: int) -> None:
        info = probe(path)
        self._path = path
        self._sample_rate = sample_rate
        self._file_rate = info.sample_rate
        self._n_block = round(BLOCK_S * sample_rate)
        self._blocks: OrderedDict[int, FloatArray] = OrderedDict()
        self._stream: Generator[FloatArray, None, None] | None = None
        self._next_block = 0  # the block that ``_stream`` gives out next
        self._n_samples: int | None = None  # known for certain once the end was reached
        self._told = None if info.duration is None else round(info.duration * sample_rate)

    @property
    def n_samples(self) -> int | None:
        """The length: as decoded once the end has been reached, before that from the header."""
        return self._told if self._n_samples is None else self._n_samples

    def read(self, start: int, n_samples: int) -> FloatArray:
        """Samples ``start`` to ``start + n_samples``, shape (n_samples,); zeros outside the file.

        Raises
        ------
        AmtStudioError
            If the file is gone or too damaged to read.
        """
        out = np.zeros(n_samples, dtype=np.float32)
        at = max(start, 0)
        while at < start + n_samples:
            index, offset = divmod(at, self._n_block)
            block = self._block(index)
            wanted = block[offset : offset + start + n_samples - at]
            if len(wanted) == 0:
                break
            out[at - start : at - start + len(wanted)] = wanted
            at += len(wanted)
        return out

    def find_length(self) -> int:
        """The length in samples; decodes all of the file where its header does not tell."""
        index = self._next_block
        while self.n_samples is None:
            self._block(index)
            index += 1
        return self.n_samples

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _block(self, index: int) -> FloatArray:
        """One block; shorter at the end of the file, empty beyond it."""
        if index in self._blocks:
            self._blocks.move_to_end(index)
            return self._blocks[index]
        if self._n_samples is not None and index * self._n_block >= self._n_samples:
            return np.zeros(0, dtype=np.float32)
        if self._stream is None or not 0 <= index - self._next_block <= REACH_BLOCKS:
            self._open_at(index)
        while self._next_block <= index:
            self._decode_next()
            if self._stream is None:
                break
        return self._blocks.get(index, np.zeros(0, dtype=np.float32))

    def _decode_next(self) -> None:
        assert self._stream is not None
        begin = self._next_block * self._n_block
        try:
            block = next(self._stream, np.zeros(0, dtype=np.float32))
        except BadAudioError:
            self.close()
            if self._told is not None and begin < self._told:
                raise
            self._n_samples = begin if self._told is None else self._told
            return  # the requested position is beyond the end, which is not damage
        if len(block) < self._n_block:
            self._n_samples = begin + len(block)
            self.close()
        self._blocks[self._next_block] = block
        while len(self._blocks) > CACHE_BLOCKS:
            self._blocks.popitem(last=False)
        self._next_block += 1

    def _open_at(self, index: int) -> None:
        self.close()
        self._next_block = index
        self._stream = self._aligned(index * self._n_block)

    def _aligned(self, first: int) -> Generator[FloatArray, None, None]:
        """Blocks from sample ``first`` on, on the very sampling grid of the whole file.

        Decoding begins where a sample of the file and one of the output fall together.
        """
        shared = math.gcd(self._file_rate, self._sample_rate)
        grid = self._sample_rate // shared  # samples of the output from one such place to the next
        early = max(first - round(WARM_UP_S * self._sample_rate), 0) // grid * grid
        to_skip = first - early
        stream = stream_mono(
            self._path,
            sample_rate=self._sample_rate,
            start=early / self._sample_rate,
            block_seconds=BLOCK_S,
        )
        yield from _skipped(stream, to_skip, self._n_block)


def _skipped(
    stream: Generator[FloatArray, None, None], to_skip: int, n_block: int
) -> Generator[FloatArray, None, None]:
    """The same samples less the first ``to_skip``, in blocks of ``n_block``."""
    kept = np.zeros(0, dtype=np.float32)
    try:
        for block in stream:
            n_dropped = min(to_skip, len(block))
            to_skip -= n_dropped
            kept = np.concatenate([kept, block[n_dropped:]])
            while len(kept) >= n_block:
                yield kept[:n_block]
                kept = kept[n_block:]
        yield kept
    finally:
        stream.close()
