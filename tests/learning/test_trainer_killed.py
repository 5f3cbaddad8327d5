import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from test_trainer import make_trainer

HERE = Path(__file__).parent


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of other systems")
def test_a_killed_run_goes_on_from_a_whole_state(tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    last = 0
    for n_steps in (3, 2):
        child = subprocess.Popen(
            [sys.executable, str(HERE / "train_and_be_killed.py"), str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert child.stdout is not None
        begun = int(child.stdout.readline().split()[1])
        assert begun >= last
        for _ in range(n_steps):
            line = child.stdout.readline()
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        # The state of the last step told may still have been on its way.
        last = int(line.split()[1]) - 1
    trainer = make_trainer(tmp_path)
    assert trainer.progress.step >= last
    assert trainer.progress.step >= 3
