"""A child that trains until it is killed; it tells each step."""

import sys
from pathlib import Path

import torch
from test_trainer import make_model, make_trainer


def tell(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


torch.set_num_threads(1)
trainer = make_trainer(Path(sys.argv[1]), make_model(), max_steps=500, save_seconds=0.0)
tell(f"from {trainer.progress.step}")
trainer.train(is_cancelled=lambda: False, on_step=lambda report: tell(f"step {report.step}"))
