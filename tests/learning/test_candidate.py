import torch

from amtstudio.learning.candidate import Candidate
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
