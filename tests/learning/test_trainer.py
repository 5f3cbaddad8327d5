"""The loop with a small network of ours on made-up batches."""

import itertools

import pytest
import torch

from amtstudio.engine import choose_device
from amtstudio.errors import Cancelled
from amtstudio.learning.expression import NO_FAMILY
from amtstudio.learning.teachers import MovingAverageTeacher
from amtstudio.learning.trainer import Trainer, TrainerSettings
from amtstudio.models.melodic import bend_semitones
from amtstudio.models.registry import build_model

N_FRAMES = 12
PROPORTIONS = {"onset": (1e-6, 1.0), "frame": (1e-6, 1.0)}


def make_model(seed=3):
    torch.manual_seed(seed)
    return build_model("piano", {"n_channels": 4})


class MadeUp:
    """Batches in which every tenth key begins in frame 5, whatever the sound."""

    def __init__(self, *, labels=True):
        self.labels = labels
        self.margin = make_model().margin

    def labelled(self, step):
        clip = self._clip(2 * step)
        return clip | {"offset": clip["onset"], "velocity": clip["onset"], "pedal": clip["level"]}

    def taught(self, step):
        clip = self._clip(2 * step + 1)
        return clip if self.labels else {name: clip[name] for name in ("audio", "level")}

    def check(self):
        return [self._clip(1_000_001)] if self.labels else []

    def _clip(self, seed):
        generator = torch.Generator().manual_seed(seed)
        n_samples = (N_FRAMES - 1) * 512 + 2 * self.margin
        onset = torch.zeros(4, N_FRAMES, 88)
        onset[:, 5, ::10] = 1.0
        return {
            "audio": 0.1 * torch.randn(4, n_samples, generator=generator),
            "level": torch.full((4, N_FRAMES), 0.1),
            "onset": onset,
            "frame": onset,
        }


def make_trainer(folder, model=None, *, material=None, teacher=None, former=None, **settings):
    folder.mkdir(exist_ok=True)
    values = {"minutes": 60.0, "max_steps": 6, "check_every": 3, "learning_rate": 3e-3, **settings}
    return Trainer(
        model or make_model(),
        choose_device("cpu"),
        material or MadeUp(),
        TrainerSettings(**values),
        folder,
        teacher=teacher,
        former=former,
    )


def test_of_rehearsed_music_a_student_keeps_what_it_said_whatever_is_true(tmp_path):
    settings = {"max_steps": 24, "warmup_steps": 2, "learning_rate": 0.01, "share": 0.0}
    clip = MadeUp().labelled(9)

    def moved(folder, former):
        model = make_model().eval()
        with torch.no_grad():
            before = model(clip["audio"], clip["level"])["onset"].sigmoid()
        trainer = make_trainer(folder, model, former=former, truth_share=0.0, **settings)
        trainer.train(is_cancelled=lambda: False)
        with torch.no_grad():
            after = model(clip["audio"], clip["level"])["onset"].sigmoid()
        return float((after - before).abs().mean())

    assert moved(tmp_path / "kept", make_model()) < 0.1 * moved(tmp_path / "true", None)


def test_it_can_be_left_while_the_former_model_hears(tmp_path):
    former = make_model()
    told = []
    former.register_forward_pre_hook(lambda *_: told.append("begins"))
    former.register_forward_hook(lambda *_: told.append("ends"))
    trainer = make_trainer(tmp_path, former=former)
    with pytest.raises(Cancelled):
        trainer.train(is_cancelled=lambda: bool(told))
    assert told == ["begins"]


def weights_of(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def test_it_learns_and_leaves_the_statistics_of_the_norms_alone(tmp_path):
    model = make_model()
    before = weights_of(model)
    reports = []
    trainer = make_trainer(tmp_path, model, max_steps=48, warmup_steps=2, learning_rate=0.03)
    trainer.train(is_cancelled=lambda: False, on_step=reports.append)
    assert reports[-1].loss < 0.7 * reports[0].loss
    assert [report.step for report in reports] == list(range(1, 49))
    assert all(0.0 <= report.agreement <= 1.0 for report in reports)
    assert not model.training
    for name, value in model.state_dict().items():
        if "running" in name or "num_batches" in name:
            torch.testing.assert_close(value, before[name])
    assert not torch.equal(model.head.weight, before["head.weight"])


def test_virtual_adversarial_training_is_a_further_term_on_wish(tmp_path):
    losses = {}
    for weight in (0.0, 0.3):
        folder = tmp_path / str(weight)
        folder.mkdir()
        reports = []
        trainer = make_trainer(folder, max_steps=2, adversarial_weight=weight)
        trainer.train(is_cancelled=lambda: False, on_step=reports.append)
        losses[weight] = reports[0].loss
        assert not trainer.model.training
    assert losses[0.3] > losses[0.0]
    assert TrainerSettings().adversarial_weight == 0.0


def test_small_parts_of_a_batch_give_the_same_step(tmp_path):
    states = []
    for size in (1, 4):
        model = make_model()
        folder = tmp_path / str(size)
        folder.mkdir()
        trainer = make_trainer(
            folder, model, max_steps=1, micro_batch=size, clean_share=1.0, warmup_steps=1
        )
        trainer._bfloat16 = False
        trainer.train(is_cancelled=lambda: False)
        states.append(trainer._optimizer.state_dict()["state"])
    for one, other in zip(states[0].values(), states[1].values(), strict=True):
        torch.testing.assert_close(one["exp_avg"], other["exp_avg"], rtol=2e-3, atol=1e-6)


def test_cancelling_saves_and_a_new_run_goes_on_to_the_same_result(tmp_path):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    whole.mkdir()
    parts.mkdir()
    uninterrupted = make_model()
    make_trainer(whole, uninterrupted).train(is_cancelled=lambda: False)

    steps = itertools.count()
    seen = []
    trainer = make_trainer(parts)
    with pytest.raises(Cancelled):
        trainer.train(is_cancelled=lambda: len(seen) >= 2 and next(steps) > 3, on_step=seen.append)
    assert len(seen) == 2
    resumed = make_model(seed=99)  # its weights come from the state
    again = make_trainer(parts, resumed)
    assert again.progress.step == 2
    again.train(is_cancelled=lambda: False)
    for name, value in resumed.state_dict().items():
        torch.testing.assert_close(value, uninterrupted.state_dict()[name], rtol=1e-3, atol=1e-5)


def test_cancelling_is_noticed_within_a_part_of_a_step(tmp_path):
    calls = itertools.count()
    trainer = make_trainer(tmp_path)
    with pytest.raises(Cancelled):
        trainer.train(is_cancelled=lambda: next(calls) >= 5)
    assert next(calls) <= 8  # five layers in, not a step later
    assert trainer.progress.step == 0
    assert (tmp_path / "state.safetensors").is_file()


def test_it_stops_where_it_gets_no_better(tmp_path):
    trainer = make_trainer(
        tmp_path, max_steps=100, check_every=1, patience=2, learning_rate=1e-12, average_decay=0.0
    )
    trainer.train(is_cancelled=lambda: False)
    assert trainer.progress.step < 10


def test_time_that_does_not_count_is_not_counted(tmp_path):
    ticks = itertools.count(step=30.0)  # each look at the clock is half a minute later
    trainer = Trainer(
        make_model(),
        choose_device("cpu"),
        MadeUp(),
        TrainerSettings(minutes=2.0, check_every=100),
        tmp_path,
        clock=lambda: next(ticks),
    )
    trainer.train(is_cancelled=lambda: False)
    assert 1 <= trainer.progress.step <= 4


def test_the_moving_average_teaches_in_eval_mode_what_it_is_sure_of(tmp_path):
    model = make_model()
    with torch.no_grad():
        model.head.bias[0] = -8.0  # sure that nothing begins...
        model.key_bias[0, 0, 40] = 16.0  # ...but for one key, in every frame
    teacher = MovingAverageTeacher(make_model(), {"onset": (1e-6, 9.0), "frame": (1e-6, 9.0)})
    trainer = make_trainer(tmp_path, model, material=MadeUp(labels=False), teacher=teacher)
    teacher.follow(trainer.average)
    clip = MadeUp().taught(0)
    labels = teacher.labels(clip["audio"], clip["level"])
    known = labels["onset"][~labels["onset"].isnan()]
    assert len(known)
    assert labels["onset"][:, :, 10].nan_to_num(0.0).max() == 0.0
    assert not teacher._model.training
    trainer.train(is_cancelled=lambda: False)
    assert trainer.progress.step == 6


def watch_steps(trainer):
    """The learning rate and the norm of all gradients, as each step of the optimiser finds them."""
    seen = []

    def look(optimizer, *_):
        (group,) = optimizer.param_groups
        gradients = [value.grad.norm() for value in group["params"] if value.grad is not None]
        seen.append((group["lr"], float(torch.stack(gradients).norm())))

    trainer._optimizer.register_step_pre_hook(look)
    return seen


def test_one_wild_batch_moves_the_weights_no_further_than_any_other(tmp_path):
    loud = {"onset": 1e7, "offset": 1.0, "frame": 1.0, "velocity": 0.5, "pedal": 0.05}
    trainer = make_trainer(tmp_path, max_steps=2, labelled_weights=loud, max_gradient_norm=3.0)
    seen = watch_steps(trainer)
    losses = []
    trainer.train(is_cancelled=lambda: False, on_step=lambda step: losses.append(step.loss))
    assert min(losses) > 1e4  # its gradients would be about as large
    assert [norm for _, norm in seen] == pytest.approx([3.0, 3.0], rel=1e-4)


def test_the_learning_rate_rises_and_falls_to_nothing_as_the_time_runs_out(tmp_path):
    trainer = make_trainer(
        tmp_path, max_steps=40, warmup_steps=4, learning_rate=1e-3, check_every=100
    )
    seen = watch_steps(trainer)
    trainer.train(is_cancelled=lambda: False)
    rates = [rate for rate, _ in seen]
    assert len(rates) == 40
    assert rates[0] == pytest.approx(0.25e-3)  # a quarter of the way up
    assert rates[4] == pytest.approx(1e-3, rel=0.03)
    assert rates[20] == pytest.approx(0.5e-3)  # half of the budget
    assert rates[39] < 0.01e-3
    assert rates[4:] == sorted(rates[4:], reverse=True)


def test_a_run_of_few_steps_does_not_spend_them_on_warming_up(tmp_path):
    trainer = make_trainer(
        tmp_path, max_steps=20, warmup_steps=20, learning_rate=1e-3, check_every=100
    )
    seen = watch_steps(trainer)
    trainer.train(is_cancelled=lambda: False)
    rates = [rate for rate, _ in seen]
    assert rates[0] == pytest.approx(0.05e-3)
    assert max(rates) == rates[2] > 0.95e-3  # a tenth of the way


class Contrary(MadeUp):
    """The same sound with other labels: in what is known, or in what the teacher says."""

    def __init__(self, where):
        super().__init__()
        self.where = where

    def labelled(self, step):
        return self._changed(super().labelled(step), "labelled")

    def taught(self, step):
        return self._changed(super().taught(step), "taught")

    def _changed(self, batch, where):
        return batch | {"onset": 1 - batch["onset"]} if where == self.where else batch


def first_gradients(folder, *, share, material=None):
    folder.mkdir()
    trainer = make_trainer(
        folder, material=material, max_steps=1, share=share, clean_share=1.0, max_gradient_norm=1e9
    )
    trainer._bfloat16 = False
    taken = []

    def take(optimizer, *_):
        values = optimizer.param_groups[0]["params"]
        taken.extend(value.grad.flatten().clone() for value in values if value.grad is not None)

    trainer._optimizer.register_step_pre_hook(take)
    trainer.train(is_cancelled=lambda: False)
    return torch.cat(taken)


def test_what_is_known_weighs_as_much_as_what_the_teacher_says(tmp_path):
    assert TrainerSettings().share <= 0.5
    known = first_gradients(tmp_path / "known", share=0.0)
    taught = first_gradients(tmp_path / "taught", share=1.0)
    both = first_gradients(tmp_path / "both", share=0.5)
    torch.testing.assert_close(both, (known + taught) / 2, rtol=1e-3, atol=1e-6)
    for share, where, expected in ((0.0, "taught", known), (1.0, "labelled", taught)):
        other = first_gradients(tmp_path / f"other {where}", share=share, material=Contrary(where))
        torch.testing.assert_close(other, expected, rtol=1e-3, atol=1e-6)
    assert not torch.allclose(known, taught)


def test_four_fifths_of_what_the_student_sees_is_altered(tmp_path, monkeypatch):
    model, counts = make_model(), {"altered": 0, "all": 0}
    changed = model.forward_changed
    monkeypatch.setattr(
        model,
        "forward_changed",
        lambda *a: counts.update(altered=counts["altered"] + 1) or changed(*a),
    )
    trainer = make_trainer(tmp_path, model, max_steps=30, check_every=100)
    monkeypatch.setattr(
        trainer,
        "_unsupervised",
        lambda *a, run=trainer._unsupervised: counts.update(all=counts["all"] + 1) or run(*a),
    )
    trainer.train(is_cancelled=lambda: False)
    assert counts["all"] == 60
    assert 0.6 < counts["altered"] / counts["all"] < 0.95


class Altered(MadeUp):
    """Clips that the student hears differently, an eighth faster."""

    def taught(self, step):
        clean = super().taught(step)
        generator = torch.Generator().manual_seed(step)
        noise = 0.1 * torch.randn(clean["audio"].shape, generator=generator)
        return clean | {
            "altered_audio": noise,
            "altered_level": 2.0 * clean["level"],
            "ratio": torch.full((4,), 1.125, dtype=torch.float64),
        }


def test_a_teacher_hears_the_clean_sound_and_the_student_the_altered_one(tmp_path):
    material = Altered(labels=False)
    heard = {"teacher": [], "student": []}

    def listening(who):
        return lambda _module, given: heard[who].append((given[0], given[1]))

    model, own = make_model(), make_model()
    teacher = MovingAverageTeacher(own, PROPORTIONS)
    own.register_forward_pre_hook(listening("teacher"))
    model.register_forward_pre_hook(listening("student"))
    trainer = make_trainer(
        tmp_path, model, material=material, teacher=teacher, max_steps=1, clean_share=1.0,
        micro_batch=4,
    )  # fmt: skip
    trainer.train(is_cancelled=lambda: False)
    batch = material.taught(0)
    torch.testing.assert_close(heard["teacher"], [(batch["audio"], batch["level"])])
    torch.testing.assert_close(
        heard["student"][1], (batch["altered_audio"], batch["altered_level"])
    )


def test_contours_that_the_user_made_right_are_learned(tmp_path):
    class Bent(MadeUp):
        def labelled(self, step):
            clip = super().labelled(step)
            unknown = torch.full((4, N_FRAMES, 88), torch.nan)
            return clip | {"bend": unknown, "family": torch.full(unknown.shape, NO_FAMILY)}

        def taught(self, step):
            bend = torch.full((4, N_FRAMES, 88), torch.nan)
            bend[:, 4:9, 30] = 0.4
            return super().taught(step) | {"bend": bend}

    errors = {}
    for weight in (0.0, 1.0):
        folder = tmp_path / str(weight)
        folder.mkdir()
        torch.manual_seed(3)
        model = build_model("melodic", {"n_channels": 4, "n_further": 0})
        material = Bent()
        material.margin = model.margin
        make_trainer(
            folder, model, material=material, max_steps=12, warmup_steps=1, check_every=100,
            learning_rate=0.02, average_decay=0.0, bend_weight=weight,
        ).train(is_cancelled=lambda: False)  # fmt: skip
        batch = material.taught(0)
        with torch.no_grad():
            bends = bend_semitones(model(batch["audio"], batch["level"])["bend"])
        errors[weight] = float((bends[:, 4:9, 30] - 0.4).abs().mean())
    assert errors[1.0] < 0.5 * errors[0.0]
