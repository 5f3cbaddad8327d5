"""Which models a recording is given to."""

from dataclasses import replace

import numpy as np
import pytest

from amtstudio.engine.plan import Plan, Reason, is_clear, plan_asked, plan_for
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES, InstrumentActivity

ALL = ("piano", "melodic", "drums", "instruments")


def activity(n_seconds=20, **shares):
    """Each named instrument is heard in a share of the seconds, from the first on."""
    scores = np.full((n_seconds, len(INSTRUMENT_CLASSES)), 0.1)
    for name, share in shares.items():
        scores[: round(share * n_seconds), INSTRUMENT_CLASSES.index(name)] = 0.9
    onsets = np.arange(n_seconds, dtype=float)
    n_classes = len(INSTRUMENT_CLASSES)
    return InstrumentActivity(
        classes=INSTRUMENT_CLASSES,
        onsets=onsets,
        offsets=onsets + 1.0,
        scores=scores,
        attention=np.full((n_seconds, n_classes), 1.0 / n_seconds),
        track_scores=scores.mean(axis=0),
        thresholds=np.full(n_classes, 0.5),
        duration=float(n_seconds),
    )


@pytest.mark.parametrize(
    ("shares", "models", "reason"),
    [
        ({"piano": 1.0}, ("piano",), Reason.SOLO_PIANO),
        ({"piano": 1.0, "voice": 0.1}, ("piano",), Reason.SOLO_PIANO),
        ({"guitar": 1.0}, ("melodic",), Reason.OTHER_INSTRUMENTS),
        ({"voice": 1.0, "drums": 0.1}, ("melodic",), Reason.OTHER_INSTRUMENTS),
        (
            {"bass": 1.0, "guitar": 0.8, "drums": 0.9},
            ("melodic", "drums"),
            Reason.OTHER_INSTRUMENTS,
        ),
        ({"drums": 1.0, "cymbals": 0.7}, ("drums",), Reason.ONLY_DRUMS),
        ({"drums": 0.2, "cymbals": 1.0, "bass": 0.1}, ("drums",), Reason.ONLY_DRUMS),
        ({}, ("piano",), Reason.NOT_TOLD),
    ],
)
def test_who_plays_decides_who_listens(shares, models, reason):
    plan = plan_for(activity(**shares), ALL)
    assert (plan.models, plan.reason) == (models, reason)


def test_the_plan_names_what_it_rests_on():
    plan = plan_for(activity(guitar=0.9, bass=0.6, drums=1.0, voice=0.1), ALL)
    assert plan.heard[0] in ("guitar", "drums")
    assert plan.parts == ("guitar", "bass")


def test_parts_are_who_is_named_though_single_seconds_suggest_others():
    heard = activity(guitar=0.9, bass=0.6, violin=0.5)
    named = np.isin(INSTRUMENT_CLASSES, ("bass", "guitar"))
    assert plan_for(heard, ALL).parts == ("guitar", "bass", "violin")
    assert plan_for(replace(heard, is_named=named), ALL).parts == ("guitar", "bass")


def test_what_is_not_installed_is_not_planned():
    assert plan_for(activity(guitar=1.0), ("piano",)) == Plan(
        ("piano",), Reason.NOTHING_ELSE, ("guitar",)
    )
    assert plan_for(activity(guitar=1.0, drums=1.0), ("piano", "melodic")).models == ("melodic",)
    assert plan_for(activity(drums=1.0), ("piano", "melodic")).models == ("melodic",)
    with pytest.raises(ValueError, match="need the model 'piano'"):
        plan_for(activity(piano=1.0), ("melodic",))


@pytest.mark.parametrize(
    ("shares", "clear"),
    [
        ({"piano": 1.0}, True),
        ({"piano": 0.5, "guitar": 0.1}, True),
        ({"drums": 0.8}, True),
        ({"guitar": 0.3}, True),
        ({"guitar": 0.1}, False),  # two seconds
        ({"piano": 0.1}, False),
        ({"piano": 0.3, "guitar": 0.6}, False),  # an even match
        ({}, False),
    ],
)
def test_a_piano_that_is_only_assumed_is_no_clear_case(shares, clear):
    heard = activity(**shares)
    assert is_clear(plan_for(heard, ALL), heard) is clear


def test_a_model_that_is_missing_makes_no_clear_case():
    heard = activity(guitar=1.0)
    assert not is_clear(plan_for(heard, ("piano",)), heard)


@pytest.mark.parametrize(
    ("instruments", "models"),
    [
        (("piano",), ("piano",)),
        (("piano", "drums"), ("piano", "drums")),
        (("piano", "bass"), ("melodic",)),
        (("violin", "violin"), ("melodic",)),
        (("bass", "drums", "guitar"), ("melodic", "drums")),
        (("drums",), ("drums",)),
    ],
)
def test_instruments_that_are_asked_for_choose_the_models(instruments, models):
    plan = plan_asked(instruments, ALL)
    assert plan.models == models
    assert plan.reason is Reason.ASKED_FOR
    assert (plan.players is not None) == ("melodic" in models)


@pytest.mark.parametrize("instruments", [(), ("kazoo",), ("piano", "Drums")])
def test_instruments_that_nobody_knows_are_refused(instruments):
    with pytest.raises(ValueError, match="instruments must be of accordion"):
        plan_asked(instruments, ALL)


def test_a_model_that_is_missing_is_told():
    with pytest.raises(ValueError, match="drums is not installed"):
        plan_asked(("piano", "drums"), ("piano", "melodic"))
