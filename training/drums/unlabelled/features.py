"""Segment and classify: onsets, features learnt from unlabelled music, support vector machines.

``python -m training.drums.unlabelled.features --help``. Wu & Lerch, "From Labeled to Unlabeled
Data", ISMIR 2018, at small scale: MFCC and a convolutional encoder with random weights against the
same encoder trained as an autoencoder, and as one that takes noise off, on music whose labels are
put away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import scipy.fft
import scipy.ndimage
import torch
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from torch import Tensor, nn

from training.documented_parser import documented_parser
from training.drums.evaluation import THREE
from training.drums.unlabelled.commands import add_options, print_tables, tracks_of
from training.drums.unlabelled.material import GRID, Track
from training.drums.unlabelled.scores import Heard, Scores, score

Patches = npt.NDArray[np.float32]
Features = Callable[[Patches], Patches]

N_FRAMES = 16  # of a patch: from 20 ms before an onset to 140 ms after it
_BEFORE = 2
_TOLERANCE_S = 0.05
_N_COEFFICIENTS = 20
_BATCH = 64
_DROPPED = 0.3  # of the input of the autoencoder that takes noise off


def onsets_of(track: Track) -> npt.NDArray[np.intp]:
    """Frames at which the spectrum grows: peaks of its flux."""
    log = np.log1p(10.0 * track.bands)
    flux = np.maximum(np.diff(log, axis=1, prepend=log[:, :1]), 0.0).mean(axis=0)
    usual = scipy.ndimage.median_filter(flux, 101)
    level = usual + 0.06 * float(np.quantile(flux, 0.98))
    is_peak = (flux == scipy.ndimage.maximum_filter1d(flux, 5)) & (flux > level)
    return np.flatnonzero(is_peak)


def patches_of(track: Track, frames: npt.NDArray[np.intp]) -> Patches:
    """Log spectrograms around onsets, (n_onsets, n_bands, N_FRAMES)."""
    log = np.log1p(10.0 * track.bands)
    padded = np.pad(log, ((0, 0), (_BEFORE, N_FRAMES)))
    rows = [padded[:, frame : frame + N_FRAMES] for frame in frames]
    return np.stack(rows) if rows else np.zeros((0, len(log), N_FRAMES), dtype=np.float32)


def mfcc(patches: Patches) -> Patches:
    """Cepstral coefficients of each quarter of the patch."""
    cepstra = scipy.fft.dct(patches, axis=1, norm="ortho")[:, :_N_COEFFICIENTS]
    quarters = cepstra.reshape(len(patches), _N_COEFFICIENTS, 4, N_FRAMES // 4).mean(axis=3)
    features: Patches = quarters.reshape(len(patches), -1).astype(np.float32)
    return features


class Autoencoder(nn.Module):
    """Three convolutions down to the features, and three up again."""

    def __init__(self, n_bands: int) -> None:
        super().__init__()
        self.padding = (0, 0, 0, -n_bands % 8)
        self.down = nn.Sequential(
            nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(),
            nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU(),
            nn.Conv2d(16, 16, 3, 2, 1),
        )  # fmt: skip
        self.up = nn.Sequential(
            nn.ReLU(), nn.ConvTranspose2d(16, 16, 4, 2, 1),
            nn.ReLU(), nn.ConvTranspose2d(16, 8, 4, 2, 1),
            nn.ReLU(), nn.ConvTranspose2d(8, 1, 4, 2, 1),
        )  # fmt: skip

    def prepared(self, patches: Tensor) -> Tensor:
        """(n, n_bands, N_FRAMES) as the layers take it."""
        return nn.functional.pad(patches[:, None], self.padding)

    def forward(self, prepared: Tensor) -> Tensor:
        restored: Tensor = self.up(self.down(prepared))
        return restored

    @torch.no_grad()
    def features(self, patches: Patches) -> Patches:
        """(n, n_bands, N_FRAMES) to (n, n_features)."""
        encoded: Patches = self.down(self.prepared(torch.from_numpy(patches))).flatten(1).numpy()
        return encoded


def train_autoencoder(
    patches: Patches, *, epochs: int, takes_noise_off: bool, seed: int
) -> Autoencoder:
    """Learn to restore patches, whole or with a part of their cells put to nothing."""
    torch.manual_seed(seed)
    model = Autoencoder(patches.shape[1])
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    wanted = model.prepared(torch.from_numpy(patches))
    for _ in range(epochs):
        order = torch.randperm(len(wanted))
        for first in range(0, len(order), _BATCH):
            target = wanted[order[first : first + _BATCH]]
            given = target
            if takes_noise_off:
                given = target * (torch.rand_like(target) > _DROPPED)
            loss = nn.functional.mse_loss(model(given), target)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
    return model.eval()


def labels_of(track: Track, frames: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Which drums are struck at each onset, (n_onsets, 3)."""
    seconds = np.array([GRID.to_seconds(int(frame)) for frame in frames])
    labels = np.zeros((len(frames), len(THREE)), dtype=bool)
    for column, drum in enumerate(THREE):
        truth = np.array(track.times[drum])
        if len(truth) and len(seconds):
            labels[:, column] = np.abs(seconds[:, None] - truth).min(axis=1) < _TOLERANCE_S
    return labels


def classify(features: Features, train: Sequence[Track], test: Sequence[Track]) -> list[Heard]:
    """Times by drum of each test track, by a machine for each drum."""
    onsets = [onsets_of(track) for track in train]
    known = np.concatenate(
        [features(patches_of(track, found)) for track, found in zip(train, onsets, strict=True)]
    )
    labels = np.concatenate(
        [labels_of(track, found) for track, found in zip(train, onsets, strict=True)]
    )
    machines: list[Pipeline] = []
    for column in range(len(THREE)):
        machine = make_pipeline(StandardScaler(), SVC(C=3.0, class_weight="balanced"))
        machines.append(machine.fit(known, labels[:, column]))
    heard: list[Heard] = []
    for track in test:
        frames = onsets_of(track)
        seconds = np.array([GRID.to_seconds(int(frame)) for frame in frames])
        if not len(frames):
            heard.append({})
            continue
        own = features(patches_of(track, frames))
        heard.append(
            {
                drum: seconds[machine.predict(own)].tolist()
                for drum, machine in zip(THREE, machines, strict=True)
            }
        )
    return heard


def compare_features(
    train: Sequence[Track],
    unlabelled: Sequence[Track],
    test: Sequence[Track],
    *,
    epochs: int,
    seed: int,
) -> dict[str, Scores]:
    """Scores of each kind of features on ``test``."""
    music = np.concatenate([patches_of(track, onsets_of(track)) for track in unlabelled])
    torch.manual_seed(seed)
    systems: dict[str, Features] = {
        "MFCC": mfcc,
        "CONV-RANDOM": Autoencoder(music.shape[1]).eval().features,
    }
    for name, takes_noise_off in (("CONV-AE", False), ("CONV-DAE", True)):
        model = train_autoencoder(music, epochs=epochs, takes_noise_off=takes_noise_off, seed=seed)
        systems[name] = model.features
    return {
        name: score(test, classify(features, train, test)) for name, features in systems.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = documented_parser("training.drums.unlabelled.features", __doc__)
    add_options(parser)
    parser.add_argument("--epochs", type=int, default=12)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    material = tracks_of(options)
    unlabelled = [track for tracks in material.unlabelled.values() for track in tracks]
    scores = compare_features(
        material.train, unlabelled, material.tests, epochs=options.epochs, seed=options.seed
    )
    learnt = [name for name in scores if name != "MFCC"]
    print_tables(material, scores, tested=learnt, baseline="MFCC")


if __name__ == "__main__":
    main()
