"""Named training configurations: that of the shipped model, and those of published work."""

from __future__ import annotations

from dataclasses import replace

from training.training_config import TrainingConfig

PIANO = TrainingConfig(model="piano", model_config={"n_channels": 48, "hop_length": 512})

PIANO_LARGE = TrainingConfig(
    model="piano_large",
    model_config={"n_channels": 112},
    device="cuda",
    # As many as time allows; the rate falls over the last two fifths of it.
    steps=1_000_000,
    decay_steps=400_000,
    warmup_steps=200,
    batch_size=32,
    learning_rate=2e-3,
    average_decay=0.998,
    save_minutes=1.5,
    hard_note_weight=1.0,
)
"""The careful model, for a GPU; see "On a GPU" in ``training/README.md``."""

ONSETS_FRAMES_SUPERVISED = TrainingConfig(
    model="onsets_frames",
    model_config={"model_complexity": 48},
    targets="nearest",
    n_frames=640,  # 20.48 s
    steps=50_000,
    decay_steps=0,
    warmup_steps=0,
    step_decay=0.98,
    step_decay_every=5_000,
    batch_size=8,
    optimizer="adam",
    learning_rate=6e-5,
    weight_decay=0.0,
    average_decay=0.0,  # the last weights are the result
    max_gradient_norm=3.0,
    loss_weights={"onset": 1.0, "offset": 1.0, "frame": 1.0, "velocity": 1.0},
    bfloat16=False,
)
"""The supervised stage of Strahl & Müller, "Semi-Supervised Piano Transcription Using
Pseudo-Labeling Techniques", ISMIR 2024. The paper gives the losses and their weights; the rest is
read from the code published with it (groupmm/onsets_frames_semisup, August 2024): a learning rate a
tenth of that of Onsets and Frames, segments of 20.48 s (640 frames of 32 ms), one random segment of
each file in every epoch, no augmentation of labelled audio, and no choice of a best checkpoint: the
last iteration is the result. Onset and offset targets last one frame each, from the nearest frame
to the event; the frame target covers the onset up to, and without, the frame of the offset."""

UNET_BILSTM = TrainingConfig(
    model="unet_bilstm",
    model_config={"spectrogram": "cqt", "n_channels": 16},
    targets="nearest",
    n_frames=640,  # 20.48 s
    steps=10_000,
    decay_steps=0,
    warmup_steps=0,
    step_decay=0.98,
    step_decay_every=10_000,
    batch_size=32,
    optimizer="adam",
    learning_rate=6e-4,
    weight_decay=0.0,
    average_decay=0.0,  # the last weights are the result
    max_gradient_norm=3.0,
    loss_weights={"frame": 1.0, "other_pass": 1.0, "reconstruction": 1.0},
    bfloat16=False,
)
"""Cheuk, Luo, Benetos & Herremans, "The Effect of Spectrogram Reconstruction on Automatic Music
Transcription", ICPR 2020, read from the code published with it: 2,000 epochs of one segment of each
recording, which are 10,000 steps of 32 for the 139 training pieces of MAPS (give ``--steps`` for
other sets), the last weights as the result. Theirs clips gradients to a norm of 3 after the step in
which they were used, which has no effect; here before it, which keeps the LSTM from the exploding
gradients that others report."""

_MEL: dict[str, int | str] = {"spectrogram": "mel", "n_channels": 16}
UNET_BILSTM_MEL = replace(UNET_BILSTM, model_config=_MEL)
UNET_RECONSTRUCTION = replace(UNET_BILSTM, model="unet_reconstruction")
UNET_RECONSTRUCTION_MEL = replace(UNET_RECONSTRUCTION, model_config=_MEL)

MELODIC = TrainingConfig(
    model="melodic",
    model_config={
        "n_channels": 64,
        "hop_length": 512,
        "n_windows": 3,
        "n_linked": 8,
        "n_further": 5,
        "knows_keys": True,
        "dereverberates": True,
    },
    learning_rate=1.4e-3,
    average_decay=0.995,
    batch_size=2,
    # As the piano's, but for velocities, which instruments do not tell as exactly.
    loss_weights={
        "onset": 4.0,
        "offset": 1.0,
        "frame": 1.0,
        "velocity": 1.0,
        "bend": 1.0,
        "family": 0.1,
    },
    bfloat16=False,
)

PRESETS = {
    "piano": PIANO,
    "piano_large": PIANO_LARGE,
    "melodic": MELODIC,
    "onsets_frames": ONSETS_FRAMES_SUPERVISED,
    "unet_bilstm": UNET_BILSTM,
    "unet_bilstm_mel": UNET_BILSTM_MEL,
    "unet_reconstruction": UNET_RECONSTRUCTION,
    "unet_reconstruction_mel": UNET_RECONSTRUCTION_MEL,
}
