"""Transcribe one recording with Basic Pitch: ``run_basic_pitch.py AUDIO OUT.mid FIGURES.json``.

Runs in Basic Pitch's environment, with its ONNX model and its own thresholds.
"""

import argparse
import functools
import json
import logging
import os
import time
from pathlib import Path

import onnxruntime

logging.disable(logging.WARNING)  # it warns of every runtime that it finds absent


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("audio", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("figures", type=Path)
    options = parser.parse_args()
    limit_threads()
    import basic_pitch  # noqa: PLC0415 - after the logging and the threads were set
    from basic_pitch import inference  # noqa: PLC0415

    path = basic_pitch.build_icassp_2022_model_path(basic_pitch.FilenameSuffix.onnx)
    model = inference.Model(path)
    started = time.perf_counter()
    _, midi, _ = inference.predict(options.audio, model)
    seconds = time.perf_counter() - started
    midi.write(str(options.output))
    options.figures.write_text(json.dumps({"seconds": seconds}))


def limit_threads() -> None:
    """The ONNX runtime does not look at OMP_NUM_THREADS."""
    wished = os.environ.get("OMP_NUM_THREADS")
    if wished is not None:
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = int(wished)
        session = onnxruntime.InferenceSession
        onnxruntime.InferenceSession = functools.partial(session, sess_options=settings)


if __name__ == "__main__":
    main()
