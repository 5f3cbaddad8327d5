"""ATT against its baselines, the mean teacher and the generative model, with few labels.

``python -m training.instruments.experiments --help``. The networks are those of the thesis, on bags
of ten instances of 128 numbers: the VGGish features of a user's OpenMIC-2018, or, where there is
none, principal components of a detector's embeddings of our own mixtures (of log-mel statistics
without ``--model``).

All start alike: from numbers of mean zero and deviation one, though only ATT would see to that by
itself, and from scores of one in ten, as most instruments are absent. Of one seed ATT and MT have
the very same first weights and labelled bags. Each takes as many steps with the same learning rate,
and is scored on the same classes. DGM, which has a model for each class, learns only those.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from amtstudio.features.log_mel import LogMel
from amtstudio.learning.weak_labels import (
    consistency,
    partial_bce,
    ramp_up,
    update_teacher,
)
from amtstudio.models.checkpoint import load_model
from amtstudio.models.instrument_attention import (
    HOP_LENGTH,
    INSTANCE_FRAMES,
    N_FFT,
    AttentionHead,
    BagOutput,
    FlatHead,
    InstrumentAttention,
    InstrumentAttentionConfig,
    MeanHead,
    RecurrentHead,
)
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES
from training.instruments.generative import GenerativeConfig, GenerativeModel, train_generative
from training.instruments.metrics import mean_scores, score_classes
from training.instruments.mixing import StemPool, make_mixture
from training.instruments.openmic import load_openmic, load_split
from training.instruments.share_figure import draw_shares, share_table

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]

N_INSTANCES, N_FEATURES = 10, 128
SHARES = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32)  # of the bags, labelled; those of the thesis
SUPERVISED: dict[str, Callable[[], nn.Module]] = {
    "ATT": AttentionHead,
    "FC_T": MeanHead,
    "FC": FlatHead,
    "RNN": RecurrentHead,
}


@dataclass(frozen=True)
class Bags:
    """``features`` (n_bags, 10, 128) in [0, 1]; ``labels`` and ``observed`` (n_bags, n_classes)."""

    features: Tensor
    labels: Tensor
    observed: Tensor

    def __len__(self) -> int:
        return len(self.features)

    def pick(self, index: Tensor) -> Bags:
        return Bags(self.features[index], self.labels[index], self.observed[index])


@dataclass(frozen=True)
class Schedule:
    """Epochs are passes over all bags, labelled or not, so that every method takes as many steps.

    The thesis trains for 100 to 250; fewer do for material as small as ours.
    """

    n_epochs: int = 40
    batch_size: int = 128
    learning_rate: float = 1e-3
    beta: float = 16.0  # of the consistency loss, from the thesis' grid for few labels
    average: float = 0.99  # 0.999 in the thesis, whose runs are ten times as long


def train_supervised(model: nn.Module, bags: Bags, labelled: Tensor, schedule: Schedule) -> None:
    """Of the labelled bags only, for as many steps as the semi-supervised methods take."""
    known = bags.pick(labelled)
    n_steps = schedule.n_epochs * math.ceil(len(bags) / schedule.batch_size)
    optimiser = torch.optim.Adam(model.parameters(), lr=schedule.learning_rate)
    model.train()
    for step in range(n_steps):
        batch = known.pick(_draw(len(known), schedule.batch_size))
        _set_rate(optimiser, schedule, step / n_steps)
        output: BagOutput = model(batch.features)
        _descend(optimiser, partial_bce(output.bag, batch.labels, batch.observed))
    model.eval()


def train_mean_teacher(
    student: nn.Module, bags: Bags, labelled: Tensor, schedule: Schedule
) -> nn.Module:
    """MT, section 5.4; returns the teacher. Each step takes a labelled and an unlabelled batch."""
    known = bags.pick(labelled)
    teacher = copy.deepcopy(student)
    n_steps = schedule.n_epochs * math.ceil(len(bags) / schedule.batch_size)
    optimiser = torch.optim.Adam(student.parameters(), lr=schedule.learning_rate)
    student.train()
    teacher.train()  # noise for both: dropout, as in equation 5.1
    for step in range(n_steps):
        batch = known.pick(_draw(len(known), schedule.batch_size))
        other = bags.features[_draw(len(bags), schedule.batch_size)]
        both = torch.cat([batch.features, other])
        _set_rate(optimiser, schedule, step / n_steps)
        output: BagOutput = student(both)
        with torch.no_grad():
            target: BagOutput = teacher(both)
        supervised = partial_bce(output.bag[: len(batch)], batch.labels, batch.observed)
        weight = schedule.beta * ramp_up(2.0 * step / n_steps)
        _descend(optimiser, supervised + weight * consistency(output.bag, target.bag))
        alpha = min(schedule.average, (step + 1) / (step + 10))
        update_teacher(teacher, student, alpha=alpha)
    return teacher.eval()


def generative_probs(
    bags: Bags,
    labelled: Tensor,
    test: Bags,
    schedule: Schedule,
    classes: Sequence[int],
    *,
    seed: int,
) -> FloatArray:
    """DGM, a model for each class of ``classes``; (n_test, n_classes).

    A tenth for classes that are not asked for or of which no label is known.
    """
    flat, flat_test = bags.features.flatten(1), test.features.flatten(1)
    probs = np.full((len(test), bags.labels.shape[1]), 0.1, dtype=np.float32)
    is_labelled = torch.zeros(len(bags), dtype=torch.bool)
    is_labelled[labelled] = True
    for index in classes:
        known = is_labelled & bags.observed[:, index]
        if not known.any():
            continue
        model = GenerativeModel(GenerativeConfig(n_in=flat.shape[1], hidden=(256, 256)))
        train_generative(
            model,
            flat[known],
            bags.labels[known, index].long(),
            flat[~known],
            n_epochs=schedule.n_epochs,
            generator=torch.Generator().manual_seed(1000 * seed + index),
            batch_size=schedule.batch_size,
            learning_rate=schedule.learning_rate,
            ramp=_ramp,
        )
        with torch.inference_mode():
            probs[:, index] = model.probability(flat_test).numpy()
    return probs


def _draw(n: int, size: int) -> Tensor:
    return torch.randint(n, (min(size, n),))


def ramp_down(x: float) -> float:
    """Equation A.2 as its figure shows it: from 1 at 0 down to exp(-12.5) at 1.

    As printed, ``1 - exp(-12.5 x**2)`` rises; the function of Tarvainen and Valpola that it cites
    is ``exp(-12.5 x**2)`` of the share of the ramp that is done.
    """
    x = min(max(x, 0.0), 1.0)
    return math.exp(-12.5 * x**2)


def _ramp(done: float) -> float:
    """The ramps of appendix A: up over a tenth of the run, down over its second half."""
    return ramp_up(done / 0.1) * ramp_down(max(0.0, (done - 0.5) / 0.5))


def _set_rate(optimiser: torch.optim.Optimizer, schedule: Schedule, done: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = schedule.learning_rate * _ramp(done)


def _descend(optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()


def compare(
    train: Bags,
    test: Bags,
    *,
    fractions: Sequence[float],
    seeds: Sequence[int],
    methods: Sequence[str],
    schedule: Schedule,
    classes: Sequence[int],
) -> list[dict[str, object]]:
    """Scores of each method at each labelled fraction, mean over the seeds; printed as they come.

    The seed draws the labelled bags and the weights, the same for every method. ``classes`` are
    those that are scored; the heads learn all of them, DGM only these.
    """
    rows: list[dict[str, object]] = []
    for fraction in fractions:
        for method in methods:
            scores = [
                _score(
                    method,
                    train,
                    test,
                    fraction=fraction,
                    seed=seed,
                    schedule=schedule,
                    classes=classes,
                )
                for seed in seeds
            ]
            mean = {key: float(np.mean([s[key] for s in scores])) for key in scores[0]}
            spread = float(np.std([s["auroc"] for s in scores]))
            rows.append({"fraction": fraction, "method": method, **mean, "auroc_std": spread})
            print(
                f"{fraction:5.2f} {method:<5} AUROC {mean['auroc']:.3f} ± {spread:.3f}"
                f"  mAP {mean['average_precision']:.3f}  macro F1 {mean['macro_f1']:.3f}"
                f"  F1 {mean['positive_f1']:.3f}",
                flush=True,
            )
    return rows


def _score(
    method: str,
    train: Bags,
    test: Bags,
    *,
    fraction: float,
    seed: int,
    schedule: Schedule,
    classes: Sequence[int],
) -> dict[str, float]:
    torch.manual_seed(seed)
    order = torch.randperm(len(train))
    labelled = order[: max(8, round(fraction * len(train)))]
    train, test = standardised(train, test)
    if method == "DGM":
        probs = generative_probs(train, labelled, test, schedule, classes, seed=seed)
    else:
        probs = _head_probs(method, train, test, labelled, schedule)
    scores = score_classes(probs, test.labels.numpy(), test.observed.numpy())
    return mean_scores([scores[index] for index in classes if test.observed[:, index].any()])


def _head_probs(
    method: str, train: Bags, test: Bags, labelled: Tensor, schedule: Schedule
) -> FloatArray:
    if method == "MT":
        model = train_mean_teacher(AttentionHead(), train, labelled, schedule)
    else:
        model = SUPERVISED[method]()
        train_supervised(model, train, labelled, schedule)
    with torch.inference_mode():
        output: BagOutput = model(test.features)
    probs: FloatArray = output.bag.numpy()
    return probs


def standardised(train: Bags, test: Bags) -> tuple[Bags, Bags]:
    """Each of the 128 numbers with mean zero and deviation one over the bags to learn from."""
    flat = train.features.flatten(0, 1)
    mean, spread = flat.mean(dim=0), flat.std(dim=0).clamp(min=1e-6)
    scaled = (replace(bags, features=(bags.features - mean) / spread) for bags in (train, test))
    one, other = scaled
    return one, other


def own_bags(
    stems: Path, mixtures: Path, *, n_bags: int, model: Path | None = None, seed: int = 5
) -> tuple[Bags, Bags]:
    """Mixtures of the training libraries to learn from, of the held-out ones to test on."""
    describe = _statistics if model is None else _embedder(model)
    pool = StemPool(stems)
    pool.reload()
    rng = np.random.default_rng(seed)
    made = [make_mixture(pool, rng, n_instances=N_INSTANCES) for _ in range(n_bags)]
    statistics = np.stack([describe(mixture.log_mel) for mixture in made])
    with np.load(mixtures, allow_pickle=False) as arrays:
        audio, labels, unknowns = (arrays[key] for key in ("audio", "labels", "unknowns"))
    front = LogMel(
        n_fft=N_FFT, hop_length=HOP_LENGTH, n_mels=InstrumentAttentionConfig().n_mels, fmin=40.0
    )
    present = labels.any(axis=1)
    test_statistics = np.stack([describe(_log_mel(front, clip)) for clip in audio])
    project = _principal_components(statistics)
    train = _bags(
        project(statistics),
        np.stack([mixture.bag_labels for mixture in made]),
        np.stack([mixture.bag_observed for mixture in made]),
    )
    return train, _bags(project(test_statistics), present, present | ~unknowns)


def _log_mel(front: LogMel, clip: npt.NDArray[np.int16]) -> FloatArray:
    n_samples = (N_INSTANCES * INSTANCE_FRAMES - 1) * HOP_LENGTH + 2 * front.margin
    padded = np.pad(clip.astype(np.float32) / 32768.0, front.margin)[:n_samples]
    with torch.inference_mode():
        log_mel: FloatArray = front(torch.from_numpy(padded)[None])[0].numpy()
    return log_mel


def _statistics(log_mel: FloatArray) -> FloatArray:
    """Mean, spread and mean rise of each band, (10, 3 * n_mels), without the level."""
    instances = log_mel.reshape(N_INSTANCES, INSTANCE_FRAMES, -1)
    mean = instances.mean(axis=1)
    rise = np.abs(np.diff(instances, axis=1)).mean(axis=1)
    centred = mean - mean.mean(axis=1, keepdims=True)
    return np.concatenate([centred, instances.std(axis=1), rise], axis=1)


def _embedder(path: Path) -> Callable[[FloatArray], FloatArray]:
    """From the log-mel of a bag to the embeddings of a model file, (10, embedding_size)."""
    model, _ = load_model(path)
    if not isinstance(model, InstrumentAttention):
        raise TypeError(f"{path} is not an instrument detector")
    network = model.eval()

    def embed(log_mel: FloatArray) -> FloatArray:
        with torch.inference_mode():
            embeddings: FloatArray = network.embed(torch.from_numpy(log_mel)[None])[0].numpy()
        return embeddings

    return embed


def _principal_components(statistics: FloatArray) -> Callable[[FloatArray], FloatArray]:
    """The first 128, whitened, and as VGGish has it clipped at two deviations, in [0, 1]."""
    flat = statistics.reshape(-1, statistics.shape[-1]).astype(np.float64)
    mean = flat.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(flat - mean, rowvar=False))
    order = np.argsort(-values)[:N_FEATURES]
    matrix = vectors[:, order] / np.sqrt(np.maximum(values[order], 1e-9))

    def project(other: FloatArray) -> FloatArray:
        white = (other - mean) @ matrix
        scaled: FloatArray = (np.clip(white, -2.0, 2.0) / 4.0 + 0.5).astype(np.float32)
        return scaled

    return project


def _bags(features: FloatArray, labels: BoolArray, observed: BoolArray) -> Bags:
    return Bags(torch.from_numpy(features), torch.from_numpy(labels), torch.from_numpy(observed))


def openmic_bags(folder: Path) -> tuple[Bags, Bags]:
    """The published splits of a user's copy."""
    data = load_openmic(folder)
    pair = []
    for name in ("train", "test"):
        part = data.select(load_split(folder, name))
        if part.features is None:
            raise ValueError(f"{folder} holds no VGGish features")
        pair.append(_bags(part.features, part.labels, part.observed))
    return pair[0], pair[1]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="ATT, its baselines, MT and DGM with few labels.")
    parser.add_argument("--openmic", type=Path, help="a copy of OpenMIC-2018 with its features")
    parser.add_argument("--stems", type=Path)
    parser.add_argument("--mixtures", type=Path, help="what 'rendering mixtures' wrote")
    parser.add_argument("--model", type=Path, help="a detector whose embeddings to learn from")
    parser.add_argument("--bags", type=int, default=1500)
    parser.add_argument("--fractions", type=float, nargs="+", default=SHARES)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=Schedule.n_epochs)
    parser.add_argument("--beta", type=float, default=Schedule.beta)
    parser.add_argument("--methods", nargs="+", default=["ATT", "MT", "FC_T", "FC", "RNN", "DGM"])
    parser.add_argument("--batch-size", type=int, default=Schedule.batch_size)
    parser.add_argument(
        "--classes", nargs="+", choices=INSTRUMENT_CLASSES, default=INSTRUMENT_CLASSES,
        help="to score; DGM learns only these", metavar="CLASS",
    )  # fmt: skip
    parser.add_argument("--report", type=Path)
    parser.add_argument("--figure", type=Path, help="a picture of it, .png or .svg")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    if options.openmic is not None:
        train, test = openmic_bags(options.openmic)
    elif options.stems is not None and options.mixtures is not None:
        train, test = own_bags(
            options.stems, options.mixtures, n_bags=options.bags, model=options.model
        )
    else:
        parser.error("give --openmic, or --stems and --mixtures")
    rows = compare(
        train,
        test,
        fractions=options.fractions,
        seeds=range(options.seeds),
        methods=options.methods,
        schedule=Schedule(
            n_epochs=options.epochs, batch_size=options.batch_size, beta=options.beta
        ),
        classes=[INSTRUMENT_CLASSES.index(name) for name in options.classes],
    )
    print(f"\n{share_table(rows)}")
    if options.report is not None:
        options.report.write_text(json.dumps(rows, indent=2))
    if options.figure is not None:
        draw_shares(rows, options.figure)


if __name__ == "__main__":
    main()
