"""Training configurations of published work, as they were run."""

from __future__ import annotations

from dataclasses import dataclass, field

from amtstudio.models.onsets_frames import OnsetsFramesConfig


@dataclass(frozen=True, slots=True)
class SupervisedPreset:
    """All that a supervised run is determined by, its data and random seed apart."""

    model: str
    config: OnsetsFramesConfig
    optimizer: str
    learning_rate: float
    decay_factor: float  # the learning rate is multiplied by this ...
    decay_interval: int  # ... every so many iterations
    gradient_clip: float  # largest norm of the gradient of all weights together
    batch_size: int  # segments
    segment_samples: int
    iterations: int
    # Loss weight of each head: binary cross entropy, but for the velocity, which has a squared
    # error on the cells of onsets only.
    loss_weights: dict[str, float] = field(
        default_factory=lambda: {"onset": 1.0, "offset": 1.0, "frame": 1.0, "velocity": 1.0}
    )

    @property
    def segment_s(self) -> float:
        return self.segment_samples / self.config.sample_rate


ONSETS_FRAMES_SUPERVISED = SupervisedPreset(
    model="onsets_frames",
    config=OnsetsFramesConfig(),
    optimizer="adam",
    learning_rate=6e-5,
    decay_factor=0.98,
    decay_interval=5_000,
    gradient_clip=3.0,
    batch_size=8,
    segment_samples=327_680,
    iterations=50_000,
)
"""The supervised stage of Strahl & Müller, "Semi-Supervised Piano Transcription Using
Pseudo-Labeling Techniques", ISMIR 2024. The paper gives the losses and their weights; the rest is
read from the code published with it (groupmm/onsets_frames_semisup, August 2024): a learning rate a
tenth of that of Onsets and Frames, segments of 20.48 s (640 frames of 32 ms), one random segment of
each file in every epoch, no augmentation of labelled audio, and no choice of a best checkpoint: the
last iteration is the result. Onset and offset targets last one frame each, from the nearest frame
to the event; the frame target covers the onset up to, and without, the frame of the offset."""
