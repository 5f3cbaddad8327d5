"""Separate and detect: teachers that factorise, and students that learn from what they say.

``python -m training.drums.unlabelled.students --help``. Wu & Lerch, ISMIR 2017 and 2018, at small
scale: two partially fixed NMF teachers (one kit, many kits), and by default the network ``drums``
as a third; fully connected students of their scaled activations on unlabelled music. A student of
several teachers learns from one after the other, as in the papers, or from their mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import scipy.ndimage
import torch
from torch import Tensor, nn

from amtstudio.learning.drums.nmf import Matrix, partially_fixed_nmf, rises, template_of
from amtstudio.models import find_model
from training.documented_parser import documented_parser
from training.drums.bank import LEAD, SAMPLE_RATE, DrumBank
from training.drums.evaluation import CLASSES, THREE, load_drums
from training.drums.hearing import hear
from training.drums.unlabelled.commands import add_options, print_tables, tracks_of
from training.drums.unlabelled.material import GRID, Track
from training.drums.unlabelled.scores import Heard, score

Activations = npt.NDArray[np.float32]  # (n_frames, 3), in [0, 1] for soft targets
Teacher = Callable[[Track], Activations]

_MEDIAN_FRAMES, _ABOVE_MEDIAN, _REACH = 11, 0.12, 3  # of the papers: 0.1 s, 0.12 of the peak, 30 ms
_BATCH = 640


def templates(bank: DrumBank, kits: Sequence[str] | None) -> Matrix:
    """A column for each of the three drums, from single strokes of some kits; None: of all."""
    columns = []
    for drum in THREE:
        sounds = [
            bank.sound(take.layers[len(take.layers) // 2])[LEAD:]
            for take in bank.of_role("train")
            if take.voice in CLASSES[drum] and (kits is None or take.kit in kits)
        ]
        columns.append(template_of(sounds[:60], SAMPLE_RATE))
    return np.stack(columns, axis=1)


def factorising(fixed: Matrix) -> Teacher:
    """A teacher with these templates."""

    def listen(track: Track) -> Activations:
        found: Activations = rises(partially_fixed_nmf(track.bands, fixed)).T
        return found

    return listen


def network() -> Teacher:
    """The network that ships; the drums of a class count as one."""
    model, _ = load_drums(find_model("drums"))

    def listen(track: Track) -> Activations:
        onset = hear(model, track.audio).onset
        columns = [[model.drums.index(name) for name in CLASSES[drum]] for drum in THREE]
        found: Activations = np.stack([onset[:, own].max(axis=1) for own in columns], axis=1)
        return found[: track.bands.shape[1]]

    return listen


def soft_targets(teacher: Teacher, tracks: Sequence[Track]) -> list[Activations]:
    """A teacher's output on the tracks of one style, scaled together to [0, 1]."""
    said = [teacher(track) for track in tracks]
    highest = np.quantile(np.concatenate(said), 0.998, axis=0) + 1e-9
    return [np.clip(one / highest, 0.0, 1.0).astype(np.float32) for one in said]


def pick(activations: Activations) -> Heard:
    """Peaks above a running median, as in the papers; seconds by drum."""
    heard = {}
    for column, drum in enumerate(THREE):
        row = activations[:, column]
        level = scipy.ndimage.median_filter(row, _MEDIAN_FRAMES) + _ABOVE_MEDIAN * row.max()
        largest = scipy.ndimage.maximum_filter1d(row, 2 * _REACH + 1)
        frames = np.flatnonzero((row == largest) & (row > level))
        heard[drum] = [GRID.to_seconds(int(frame)) for frame in frames]
    return heard


class Student(nn.Module):
    """Fully connected: bands of a frame and of the one before it, 512, 32, the three drums."""

    def __init__(self, n_bands: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm1d(2 * n_bands),
            nn.Linear(2 * n_bands, 512), nn.ReLU(),
            nn.Linear(512, 32), nn.ReLU(),
            nn.Linear(32, len(THREE)), nn.Sigmoid(),
        )  # fmt: skip

    def forward(self, frames: Tensor) -> Tensor:
        told: Tensor = self.layers(frames)
        return told

    @torch.no_grad()
    def listen(self, track: Track) -> Activations:
        """As a teacher does."""
        told: Activations = self.eval()(torch.from_numpy(frames_of(track))).numpy()
        return told


def frames_of(track: Track) -> npt.NDArray[np.float32]:
    """A student's input features for each frame, (n_frames, 2 * n_bands)."""
    log = np.log1p(10.0 * track.bands).T
    frames: npt.NDArray[np.float32] = np.concatenate(
        [log, np.pad(log, ((2, 0), (0, 0)))[:-2]], axis=1
    ).astype(np.float32)
    return frames


Lesson = tuple[Sequence[Track], Sequence[Activations]]


def train_student(lessons: Sequence[Lesson], *, steps: int, seed: int) -> Student:
    """Learn one lesson after the other, ``steps`` batches in all: the last has the last word."""
    torch.manual_seed(seed)
    student = Student(lessons[0][0][0].bands.shape[0])
    optimizer = torch.optim.Adam(student.parameters(), lr=1e-3)
    for tracks, targets in lessons:
        frames = torch.from_numpy(np.concatenate([frames_of(track) for track in tracks]))
        wanted = torch.from_numpy(np.concatenate(targets))
        student.train()
        for _ in range(steps // len(lessons)):
            batch = torch.randint(len(frames), (_BATCH,))
            loss = nn.functional.mse_loss(student(frames[batch]), wanted[batch])
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
    return student


def students(
    teachers: Mapping[str, Teacher],
    unlabelled: Mapping[str, Sequence[Track]],
    *,
    steps: int,
    seed: int,
) -> dict[str, Teacher]:
    """Of each teacher over all styles, of all teachers by style, and of all over all.

    All learn for as long as each other: a longer course is a shorter look at each lesson.
    """
    said = {
        (name, style): soft_targets(teacher, tracks)
        for name, teacher in teachers.items()
        for style, tracks in unlabelled.items()
    }
    courses: dict[str, list[Lesson]] = {}
    for name in teachers:
        courses[f"FC of {name}"] = [
            (tracks, said[name, style]) for style, tracks in unlabelled.items()
        ]
    for style, tracks in unlabelled.items():
        courses[f"FC-ALL, {style}"] = [(tracks, said[name, style]) for name in teachers]
    courses["FC-ALL"] = [
        (tracks, said[name, style]) for name in teachers for style, tracks in unlabelled.items()
    ]
    every = [track for tracks in unlabelled.values() for track in tracks]
    together: list[Activations] = [
        np.stack([said[name, style][number] for name in teachers]).mean(axis=0).astype(np.float32)
        for style, tracks in unlabelled.items()
        for number in range(len(tracks))
    ]
    courses["FC-ALL, of the mean"] = [(every, together)]
    return {
        name: train_student(lessons, steps=steps, seed=seed).listen
        for name, lessons in courses.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = documented_parser("training.drums.unlabelled.students", __doc__)
    add_options(parser)
    parser.add_argument("--steps", type=int, default=800, help="batches that each student learns")
    parser.add_argument("--one-kit", default="muldjord", help="of the first teacher")
    parser.add_argument("--nmf-alone", action="store_true", help="no network among the teachers")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    options.labelled = 0
    material = tracks_of(options)
    teachers: dict[str, Teacher] = {
        "PFNMF (one kit)": factorising(templates(material.bank, [options.one_kit])),
        "PFNMF (all kits)": factorising(templates(material.bank, None)),
    }
    if not options.nmf_alone:
        teachers["network"] = network()
    taught = students(teachers, material.unlabelled, steps=options.steps, seed=options.seed)
    tests = material.tests
    scores = {
        name: score(tests, [pick(listen(track)) for track in tests])
        for name, listen in {**teachers, **taught}.items()
    }
    print_tables(material, scores, tested=taught, baseline="PFNMF (all kits)")


if __name__ == "__main__":
    main()
