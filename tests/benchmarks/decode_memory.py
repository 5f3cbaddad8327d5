"""Peak memory and speed of decoding a long file: ``python tests/benchmarks/decode_memory.py``.

Each format is written to a temporary folder and read in a process of its own, whose peak resident
memory is printed, with that of the same process before it read anything. Times are those of the
processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from amtstudio.audio import probe, stream_mono

RATE = 44100  # Hz
SAMPLE_RATE = 16000  # Hz, that of the models
CODECS = {
    "wav": "pcm_s16le",
    "mp3": "libmp3lame",
    "m4a": "aac",
    "opus": "libopus",
    "webm": "libopus",
}


def write(path: Path, *, hours: float) -> None:
    """Stereo noise bursts; the packets of one stretch again and again, to be done in seconds."""
    codec = CODECS[path.suffix[1:]]
    rate = 48000 if codec == "libopus" else RATE
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="stereo")
        assert isinstance(stream, av.AudioStream)
        packets = encoded(stream, rate)
        n_stretch = packets[-1][1] + packets[-1][2]
        for repeat in range(round(hours * 3600 * rate / n_stretch)):
            for data, pts, duration in packets:
                packet = av.Packet(data)
                packet.stream = stream
                packet.time_base = Fraction(1, rate)
                packet.pts = packet.dts = pts + repeat * n_stretch
                packet.duration = duration
                container.mux(packet)


def encoded(stream: av.AudioStream, rate: int) -> list[tuple[bytes, int, int]]:
    """Data, timestamp and duration, in samples, of the packets of about 20 s."""
    stream.codec_context.open()
    context = stream.codec_context
    converter = av.AudioResampler(format=context.format, layout="stereo", rate=rate)
    n_frame = context.frame_size or 4096
    n_frames = 20 * rate // n_frame
    times = np.arange(n_frame * n_frames) / rate
    noise = np.random.default_rng(1).standard_normal((2, len(times)))
    samples = (0.1 * noise * np.exp(-3 * (times % 1.0))).astype(np.float32)
    packets = []
    for begin in range(0, samples.shape[1], n_frame):
        block = np.ascontiguousarray(samples[:, begin : begin + n_frame])
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = rate, begin, Fraction(1, rate)
        for converted in converter.resample(frame):
            packets.extend(stream.encode(converted))
    return [(bytes(packet), index * n_frame, n_frame) for index, packet in enumerate(packets)]


def peak_mb() -> float:
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss of Linux takes over the peak of the process that started us
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def read(path: Path) -> None:
    before = peak_mb()
    begin = time.process_time()
    n_samples = sum(len(block) for block in stream_mono(path, sample_rate=SAMPLE_RATE))
    whole_s = time.process_time() - begin
    seconds = n_samples / SAMPLE_RATE
    begin = time.process_time()
    next(stream_mono(path, sample_rate=SAMPLE_RATE, start=seconds * 0.9))
    print(
        f"{path.suffix[1:]:5s} {seconds / 3600:.2f} h, {path.stat().st_size / 2**20:6.0f} MB, "
        f"{probe(path).codec:8s} peak {peak_mb():4.0f} MB (before {before:3.0f} MB), "
        f"{whole_s:5.1f} s = {seconds / whole_s:5.0f} times real time, "
        f"first block at 90 % after {time.process_time() - begin:.2f} s",
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
