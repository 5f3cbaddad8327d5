from dataclasses import replace

import pytest

from amtstudio.learning.gate import Evidence, judge
from amtstudio.learning.label_free import LabelFreeScores
from amtstudio.learning.report import Code, Reason
from amtstudio.learning.suitability import objection_to
from amtstudio.learning.wording import sentence, sentences

SCORES = LabelFreeScores(
    agreement=0.9,
    onset_support=0.95,
    notes_per_second=6.0,
    polyphony=3.0,
    confidence=0.85,
    struck_balance=5.0,
)
BEFORE = Evidence(guard_f1=(0.90, 0.80), label_free=SCORES)
ENDS = {"corrected_ends": 0.4, "ends_note": 1 / 75}


def ended(n_right, count=75):
    return (True,) * n_right + (False,) * (count - n_right)


def after(guard=(0.90, 0.80), **changes):
    scores = {key: changes.pop(key) for key in list(changes) if hasattr(SCORES, key)}
    return Evidence(guard, replace(SCORES, **scores), **changes)


def test_a_steadier_model_is_adopted_and_it_is_said_why():
    verdict = judge(BEFORE, after(agreement=0.92))
    assert verdict.adopted
    assert verdict.reasons == (Reason(Code.STEADIER, 0.9, 0.92),)
    assert sentences(verdict.reasons) == "Steadier: 90.0 before, 92.0 after."


def test_nothing_gained_is_nothing_adopted():
    assert judge(BEFORE, after()).reasons == (Reason(Code.NOTHING_GAINED),)
    assert not judge(BEFORE, after(agreement=0.904)).adopted  # 0.4 points may be luck


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ({"guard": (0.89, 0.80)}, "On other recordings"),  # the mean falls by 0.5 points
        ({"struck_balance": 4.86}, "5.00 more right than wrong per second before, 4.86 after"),
        ({"notes_per_second": 8.5}, "1.42 times as many notes"),
        ({"notes_per_second": 4.0}, "0.67 times as many notes"),
        ({"polyphony": 1.0}, "simultaneous notes"),
    ],
)
def test_any_harm_outweighs_every_gain(harm, words):
    verdict = judge(BEFORE, after(**{"agreement": 0.99, **harm}))
    assert not verdict.adopted
    assert words in sentences(verdict.reasons)


def test_the_guard_may_fall_by_three_tenths_of_a_point():
    assert judge(BEFORE, after(guard=(0.896, 0.799), agreement=0.95)).adopted
    assert not judge(BEFORE, after(guard=(0.895, 0.798), agreement=0.95)).adopted


def test_music_like_the_user_s_may_fall_by_chance_and_further_where_notes_are_known():
    before = replace(BEFORE, kindred_f1=(0.7, 0.7))

    def judged(kindred, before=before, guard=(0.90, 0.80), **known):
        # Nothing else that rises makes up for it.
        before = replace(before, **known)
        return judge(before, after(guard, agreement=0.99, kindred_f1=(kindred, kindred), **known))

    assert judged(0.68).adopted
    assert judged(0.66, guard=(0.95, 0.85)).reasons == (Reason(Code.KINDRED_FELL, 0.7, 0.66),)
    said = sentences(judged(0.66).reasons)
    assert "instruments like yours it would find fewer notes: 70.0 before, 66.0 after" in said
    known = {"corrected_f1": 0.6, "corrected_note": 1 / 40, "n_known": 40}
    assert judged(0.62, **known).adopted
    assert not judged(0.59, **known).adopted
    assert not judged(0.7, guard=(0.89, 0.79), **known).adopted
    # Eight notes do not become many because a model writes many beside them.
    few = {"corrected_f1": 0.4, "corrected_note": 2 / (8 + 32), "n_known": 8}
    assert not judged(0.62, **few).adopted
    # Small losses do not add up.
    second = replace(before, kindred_f1=(0.68, 0.68))
    third = after(agreement=0.99, kindred_f1=(0.66, 0.66))
    assert judge(second, third).adopted
    assert not judge(second, third, first=before).adopted
    assert before.to_dict()["kindred_f1"] == 0.7
    assert BEFORE.to_dict()["kindred_f1"] is None


def test_what_is_less_steady_is_refused_though_it_pleases_its_teacher():
    before = replace(BEFORE, teacher_agreement=0.80)
    verdict = judge(before, after(agreement=0.89, teacher_agreement=0.95))
    assert verdict.reasons == (Reason(Code.LESS_STEADY, 0.9, 0.89),)
    assert judge(before, after(teacher_agreement=0.81)).adopted


def test_what_is_steadier_but_has_left_its_teacher_is_refused():
    # As measured with piano_large as the teacher: nothing was gained, and lengths became worse.
    before = replace(BEFORE, teacher_agreement=0.98459, judging_note=1 / 1000)
    left = after(agreement=0.9054, teacher_agreement=0.97727)
    assert judge(before, left).reasons == (Reason(Code.FARTHER_FROM_TEACHER, 0.98459, 0.97727),)
    assert judge(before, after(agreement=0.9054, teacher_agreement=0.983)).adopted
    # What the user has confirmed says more than a teacher does.
    known = replace(before, corrected_f1=0.6, corrected_note=1 / 100, n_known=100)
    assert judge(known, after(corrected_f1=0.7, teacher_agreement=0.98)).adopted


def test_of_a_few_notes_it_takes_more_than_two_to_tell_steadier_from_less_steady():
    few = replace(BEFORE, judging_note=1 / 80, corrected_f1=0.7, corrected_note=1 / 15, n_known=15)
    better = after(corrected_f1=0.85)
    assert judge(few, replace(better, label_free=replace(SCORES, agreement=0.88))).adopted
    assert not judge(few, replace(better, label_free=replace(SCORES, agreement=0.87))).adopted
    # And nothing is gained by as little.
    assert not judge(few, after(agreement=0.92, corrected_f1=0.7)).adopted
    assert judge(few, after(agreement=0.93, corrected_f1=0.7)).adopted
    many = replace(few, judging_note=1 / 2000)
    assert not judge(many, replace(better, label_free=replace(SCORES, agreement=0.897))).adopted


def test_where_notes_are_known_steadiness_may_fall_by_chance():
    # One standard deviation of a share of 0.9 among eighty notes: 3.4 points.
    known = replace(
        BEFORE, judging_note=1 / 80, corrected_f1=0.6, corrected_note=1 / 40, n_known=40
    )
    better = after(corrected_f1=0.7)
    assert judge(known, replace(better, label_free=replace(SCORES, agreement=0.868))).adopted
    assert not judge(known, replace(better, label_free=replace(SCORES, agreement=0.865))).adopted
    # Not where the known notes rose by less than two.
    as_many = after(agreement=0.868, corrected_f1=0.64)
    assert [reason.code for reason in judge(known, as_many).reasons] == [Code.LESS_STEADY]
    few = replace(known, corrected_note=1 / 15, n_known=15)  # too few to say more than steadiness
    better = replace(better, corrected_f1=0.8)
    assert not judge(few, replace(better, label_free=replace(SCORES, agreement=0.868))).adopted


def test_notes_that_end_anywhere_are_refused_though_more_of_them_are_found():
    before = replace(
        BEFORE, corrected_f1=0.566, corrected_note=1 / 75, n_known=75, right_ends=ended(30), **ENDS
    )

    def judged(ends, right_ends):
        changed = after(corrected_f1=0.65, corrected_ends=ends, right_ends=right_ends)
        return judge(before, changed)

    refused = judged(0.36, ended(27))
    assert refused.reasons == (Reason(Code.ENDS_FELL, 0.4, 0.36),)
    assert "both start and end correctly: 40.0 before, 36.0 after" in sentences(refused.reasons)
    assert judged(0.38, ended(28)).adopted
    assert judge(before, after(corrected_f1=0.65)).adopted
    # Eight no longer right and five newly right: luck may do that.
    mixed = (False,) * 8 + (True,) * 27 + (False,) * 40
    assert judged(0.36, mixed).adopted
    assert not judged(0.3, (False,) * 13 + mixed[13:]).adopted
    # And as many are right, with more written beside them: that is seen in the notes.
    assert judged(0.36, ended(30)).adopted


def test_what_is_learned_must_not_write_known_notes_too_loud_or_too_soft():
    heard = (True,) * 30 + (False,) * 6 + (None,) * 4
    before = replace(
        BEFORE, corrected_f1=0.6, corrected_note=1 / 40, n_known=40, corrected_loudness=heard
    )
    better = after(agreement=0.95, corrected_f1=0.7)

    def judged(loudness):
        return judge(before, replace(better, corrected_loudness=loudness))

    refused = judged((False,) * 4 + heard[4:])
    assert [reason.code for reason in refused.reasons] == [Code.LOUDNESS_FELL]
    assert "about as loud: 83.3 % before, 72.2 % after" in sentences(refused.reasons)
    assert judged((False,) * 2 + heard[2:]).adopted  # two notes say nothing
    # As many got better as got worse, and what is newly found is not compared.
    assert judged((False,) * 4 + (True,) * 32 + (False,) * 4).adopted
    # Eight worse and three better: luck may do that.
    assert judged((False,) * 8 + (True,) * 25 + (False,) * 3 + (None,) * 4).adopted
    assert before.to_dict()["corrected_loudness"] == pytest.approx(30 / 36, abs=1e-5)
    assert BEFORE.to_dict()["corrected_loudness"] is None


def test_half_a_known_note_more_is_no_gain():
    before = replace(BEFORE, corrected_f1=0.566, corrected_note=1 / 75, n_known=75)
    assert judge(before, after(corrected_f1=0.573)).reasons == (Reason(Code.NOTHING_GAINED),)
    assert judge(before, after(corrected_f1=0.6)).adopted


def test_gains_that_are_each_too_small_add_up():
    before = replace(
        BEFORE,
        judging_note=1 / 100,
        corrected_f1=0.7,
        corrected_note=1 / 100,
        n_known=100,
        corrected_ends=0.4,
        ends_note=1 / 100,
    )

    def reasons(agreement, f1, ends, *, before=before):
        changed = after(agreement=agreement, corrected_f1=f1, corrected_ends=ends)
        return [reason.code for reason in judge(before, changed).reasons]

    nothing = [Code.NOTHING_GAINED]
    # Each has to rise by two points on its own.
    assert reasons(0.912, 0.7, 0.4) == nothing
    known = [Code.CORRECTED_ROSE, Code.ENDS_ROSE]
    assert reasons(0.912, 0.71, 0.41) == [Code.STEADIER, *known]
    # What falls counts as well, though by itself it is no reason to refuse.
    assert reasons(0.912, 0.71, 0.39) == nothing
    assert reasons(0.892, 0.715, 0.415) == nothing
    # One note that is right with its end raises both, and is one note.
    assert reasons(0.9, 0.71, 0.41) == nothing
    assert reasons(0.905, 0.715, 0.415) == [Code.STEADIER, *known]
    # Of a few notes nothing is added, and what was learned by heart says nothing.
    few = replace(before, corrected_note=1 / 15, n_known=15, ends_note=1 / 15)
    assert reasons(0.915, 0.8, 0.5, before=few) == nothing
    by_heart = replace(before, is_apart=False)
    assert reasons(0.912, 0.9, 0.9, before=by_heart) == nothing
    assert reasons(0.92, 0.7, 0.4, before=by_heart) == [Code.STEADIER]


def test_ends_that_are_known_of_some_notes_alone_are_measured_by_these():
    # A score of 300 notes, of which ten were corrected: one end is a tenth.
    before = replace(
        BEFORE,
        corrected_f1=0.7,
        corrected_note=1 / 300,
        n_known=300,
        corrected_ends=0.4,
        ends_note=1 / 10,
    )
    assert not judge(before, after(corrected_f1=0.7, corrected_ends=0.5)).adopted
    assert judge(before, after(corrected_f1=0.71, corrected_ends=0.3)).adopted
    before = replace(before, right_ends=ended(4, 10))
    worse = after(corrected_f1=0.71, corrected_ends=0.1, right_ends=ended(1, 10))
    assert not judge(before, worse).adopted


def test_small_losses_of_steadiness_do_not_add_up():
    known = replace(
        BEFORE, judging_note=1 / 80, corrected_f1=0.6, corrected_note=1 / 40, n_known=40
    )
    second = replace(
        known,
        label_free=replace(SCORES, agreement=0.868),
        corrected_f1=0.7,
        corrected_note=1 / 40,
        n_known=40,
    )
    assert judge(known, second).adopted
    third = replace(second, label_free=replace(SCORES, agreement=0.84), corrected_f1=0.8)
    assert judge(second, third).adopted
    verdict = judge(second, third, first=known)
    assert verdict.reasons == (Reason(Code.LESS_STEADY, 0.9, 0.84),)


def test_ends_of_known_notes_are_a_gain_of_their_own():
    before = replace(BEFORE, corrected_f1=0.6, corrected_note=1 / 75, n_known=75, **ENDS)
    better = judge(before, after(corrected_f1=0.6, corrected_ends=0.44))
    assert better.reasons == (Reason(Code.ENDS_ROSE, 0.4, 0.44),)
    assert "both start and end correctly: 40.0 before, 44.0 after" in sentences(better.reasons)
    assert not judge(before, after(corrected_f1=0.58, corrected_ends=0.44)).adopted


def test_of_six_known_notes_one_says_nothing_either_way():
    few = replace(BEFORE, corrected_f1=0.8, corrected_note=1 / 6, n_known=6)
    assert judge(few, after(agreement=0.95, corrected_f1=0.64)).adopted
    assert not judge(few, after(agreement=0.95, corrected_f1=0.4)).adopted  # more than two
    assert not judge(few, after(corrected_f1=0.95)).adopted
    assert judge(few, after(corrected_f1=1.0)).reasons == (Reason(Code.NOTHING_GAINED),)


def test_corrected_passages_must_tie_or_improve():
    before = replace(BEFORE, corrected_f1=0.7)
    refused = judge(before, after(agreement=0.95, corrected_f1=0.699))
    assert refused.reasons == (Reason(Code.CORRECTED_FELL, 0.7, 0.699),)
    assert judge(before, after(agreement=0.95, corrected_f1=0.7)).adopted
    assert judge(before, after(corrected_f1=0.9)).adopted
    # Of a few known notes as many are right: one more was written down.
    few = replace(before, corrected_note=0.015, n_known=66)
    assert judge(few, after(agreement=0.95, corrected_f1=0.695)).adopted
    assert not judge(few, after(agreement=0.95, corrected_f1=0.69)).adopted
    with pytest.raises(ValueError, match="not after"):
        judge(before, after())


def test_evidence_as_plain_numbers():
    values = BEFORE.to_dict()
    assert values["guard_f1"] == 0.85
    assert values["agreement"] == 0.9
    assert values["corrected_f1"] is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"notes_per_second": 0.1}, "hardly any"),
        ({"onset_support": 0.5}, "not struck"),
        ({"confidence": 0.7}, "too uncertain"),
        ({"agreement": 0.5}, "too uncertain"),
    ],
)
def test_what_is_no_piano_is_told(change, words):
    assert words in sentence(objection_to(replace(SCORES, **change)))
    assert objection_to(SCORES) is None


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_sentence_that_can_be_translated(code):
    asked = []
    reason = Reason(code, 2.0, 3.0, ("electric_guitar",))
    for of_one in (False, True):
        said = sentence(reason, of_one=of_one)
        assert said.endswith(".")
        assert "{" not in said
    assert sentence(reason, lambda text: asked.append(text) or "{after:.0f}, {names}") in (
        "3, electric guitar",
        "300, electric guitar",
    )
    assert len(asked) == 1  # a whole sentence with its gaps


def test_what_is_said_of_one_recording_speaks_of_one():
    reason = Reason(Code.OTHER_INSTRUMENT, names=("organ", "flute"))
    assert "These recordings" in sentence(reason)
    assert sentence(reason, of_one=True).startswith("This recording")
    assert sentence(reason).endswith("was not made for: organ, flute.")
