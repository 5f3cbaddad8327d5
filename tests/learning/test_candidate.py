from dataclasses import replace

import torch

from amtstudio.learning.candidate import Bench, Candidate
from amtstudio.learning.replay import bundled_music, played
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_model


def test_half_way_between_two_models():
    model, card = load_model(find_model("piano"))
    base = Candidate(model, card, model.grid, "cpu", 1)
    student = base.copied()
    with torch.no_grad():
        student.model.head.bias += torch.tensor([2.0, 0.0, -1.0, 0.0])
    before = base.model.head.bias.clone()
    half = base.towards(student, 0.5)
    moved = half.model.head.bias - before
    torch.testing.assert_close(moved, torch.tensor([1.0, 0.0, -0.5, 0.0]))
    assert torch.equal(base.model.head.bias, before)
    whole = base.towards(student, 1.0).model.state_dict()
    for name, value in student.model.state_dict().items():
        torch.testing.assert_close(whole[name], value)


def test_a_profile_s_thresholds_are_judged_on_music_like_the_user_s_and_its_weights_on_all():
    model, card = load_model(find_model("piano"))
    base = Candidate(model, card, model.grid, "cpu", 1)
    deaf = base.with_threshold(onset=0.95)
    excerpt = played(bundled_music("guard")[0], 7, seconds=6.0)
    guard = [excerpt, replace(excerpt, kind="voice")]

    def scores(candidate: Candidate, own_kinds: tuple[str, ...]):
        return Bench(guard, {}, own_kinds, card.thresholds).guard_f1(candidate)

    (usual, same), nothing = scores(base, ())
    assert usual == same > 0.7
    assert nothing == ()
    assert scores(base, ("piano",)) == ((usual,), (usual,))
    (voice,), (piano,) = scores(deaf, ("piano",))
    assert voice == usual
    assert piano < usual - 0.1
    assert scores(deaf, ()) == ((piano, piano), ())  # it is not known what is like the recordings
    with torch.no_grad():
        model.head.bias -= 2.0
    (voice,), (piano,) = scores(base, ("piano",))
    assert max(voice, piano) < usual - 0.1
