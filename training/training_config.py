"""The settings of a training run."""

from __future__ import annotations

from dataclasses import dataclass, field

from amtstudio.learning.targets import TargetKind


@dataclass(frozen=True)
class TrainingConfig:
    """Defaults are those of the ``piano`` preset.

    The learning rate rises over ``warmup_steps``, stays, is multiplied by ``step_decay`` every
    ``step_decay_every`` steps, and falls to zero over the last ``decay_steps``. As long as that
    fall has not begun a run can be prolonged. A run that is given ``minutes`` ends when they are
    gone, and its rate falls over the same share of them as ``decay_steps`` are of ``steps``.
    """

    model: str = "piano"
    model_config: dict[str, int | str] = field(default_factory=dict)
    material: str = ""
    output: str = ""
    cache: str = ""
    start_from: str = ""  # a model file whose weights a new run begins with
    recordings: tuple[str, ...] = ()  # folders of audio with truth
    piano_share: float = 0.2  # of the clips of a melodic model, that solo pianos play
    recorded_share: float = 0.5  # of the examples, where there is synthesised material as well
    frozen_blocks: int = 0  # the first blocks of the network, which stay as they are
    targets: TargetKind = "shared"
    n_frames: int = 320  # of a clip
    steps: int = 5100
    decay_steps: int = 1900
    warmup_steps: int = 150
    step_decay: float = 1.0
    step_decay_every: int = 5000
    batch_size: int = 8  # clips a step, over all processes
    optimizer: str = "adamw"  # or "adam", "muon"
    learning_rate: float = 3e-3
    weight_decay: float = 1e-2
    average_decay: float = 0.998
    max_gradient_norm: float = 3.0
    # Onsets are what a transcription is judged by and fill the fewest cells; the pedal has one
    # cell a frame against 88.
    loss_weights: dict[str, float] = field(
        default_factory=lambda: {
            "onset": 4.0,
            "offset": 1.0,
            "frame": 1.0,
            "velocity": 2.0,
            "pedal": 0.05,
        }
    )
    workers: int = 0  # processes that make clips, for each that trains; 0: that one itself
    minutes: float = 0.0  # of training, over all its parts; 0: until the steps are done
    device: str = "cpu"
    reconstruction_weight: float = 0.0  # of the spectrogram drawn again from the notes
    hard_note_weight: float = 1.0  # of the onsets of soft notes under loud ones and of repeats
    bfloat16: bool = True  # where the hardware is faster with it
    save_minutes: float = 4.0
    seed: int = 1

    def learning_rate_at(self, step: int, share_of_time: float | None = None) -> float:
        """The rate of a step; with ``minutes``, by the share of them that is gone."""
        rate = self.learning_rate * self.step_decay ** (step // self.step_decay_every)
        if step < self.warmup_steps:
            return rate * (step + 1) / self.warmup_steps
        left: float = self.steps - step
        if share_of_time is not None:
            left = max(1.0 - share_of_time, 0.0) * self.steps
        if left >= self.decay_steps:
            return rate
        # 1 - sqrt falls fast at first and lingers near zero, which suits the moving average.
        return float(rate * (1 - (1 - left / self.decay_steps) ** 0.5))
