"""Peak memory and speed of decoding a long file: ``python tests/benchmarks/decode_memory.py``.

Each format is written to a temporary folder and read in a process of its own, whose peak resident
memory is printed, with that of the same process before it read anything.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import av
import numpy as np

from amtstudio.audio import probe, stream_mono

RATE = 44100  # Hz
SAMPLE_RATE = 16000  # Hz, that of the models
CODECS = {
    "wav": "pcm_s16le",
    "flac": "flac",
    "mp3": "libmp3lame",
    "m4a": "aac",
    "opus": "libopus",
    "webm": "libopus",
}


def write(path: Path, *, hours: float) -> None:
    """A minute of stereo noise bursts, again and again."""
    codec = CODECS[path.suffix[1:]]
    rate = 48000 if codec == "libopus" else RATE
    rng = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="stereo")
        stream.codec_context.open()
        context = stream.codec_context
        converter = av.AudioResampler(format=context.format, layout="stereo", rate=rate)
        n_frame = context.frame_size or 4096
        envelope = np.exp(-np.arange(n_frame * 64) / rate * 3)
        minute = (0.1 * rng.standard_normal((2, n_frame * 64)) * envelope).astype(np.float32)
        for index in range(round(hours * 3600 * rate / n_frame)):
            begin = index % 64 * n_frame
            block = np.ascontiguousarray(minute[:, begin : begin + n_frame])
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = rate, index * n_frame
            for converted in converter.resample(frame):
                container.mux(stream.encode(converted))
        container.mux(stream.encode(None))


def peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def read(path: Path) -> None:
    before = peak_mb()
    begin = time.perf_counter()
    n_samples = sum(len(block) for block in stream_mono(path, sample_rate=SAMPLE_RATE))
    whole_s = time.perf_counter() - begin
    seconds = n_samples / SAMPLE_RATE
    begin = time.perf_counter()
    next(stream_mono(path, sample_rate=SAMPLE_RATE, start=seconds * 0.9))
    print(
        f"{path.suffix[1:]:5s} {seconds / 3600:.2f} h, {path.stat().st_size / 2**20:6.0f} MB, "
        f"{probe(path).codec:8s} peak {peak_mb():4.0f} MB (before {before:3.0f} MB), "
        f"{whole_s:5.1f} s = {seconds / whole_s:5.0f} times real time, "
        f"first block at 90 % after {time.perf_counter() - begin:.2f} s",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", default=list(CODECS), help=f"of {list(CODECS)}")
    parser.add_argument("--hours", type=float, default=3.0)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        read(options.read)
        return
    for suffix in options.formats:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"long.{suffix}"
            write(path, hours=options.hours)
            subprocess.run([sys.executable, __file__, "--read", str(path)], check=True)


if __name__ == "__main__":
    main()
