"""Which profile is offered for what is heard."""

import pytest

from amtstudio.profiles import Profile
from amtstudio.profiles.fitting import fitting_profile, is_misfit


def profile(name, *instruments, created="2026-01-01", **thresholds):
    thresholds = thresholds or {"onset": 0.3, "frame": 0.3}
    return Profile(name, "melodic", "0" * 64, thresholds, created=created, instruments=instruments)


PROFILES = (
    profile("old harmonica", "accordion", "saxophone"),
    profile("harmonica", "saxophone", "accordion", created="2026-02-01"),
    profile("kit", "cymbals", onset=0.3, kick=0.3),
    profile("detector", "violin", presence=0.5),
    profile("made before instruments were kept"),
)


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        (("saxophone",), "harmonica"),  # the latest of two
        (("accordion", "saxophone"), "harmonica"),
        (("saxophone", "voice"), None),  # with somebody else
        (("drums", "cymbals"), "kit"),
        (("violin",), None),  # of the detector: it transcribes nothing
        ((), None),
    ],
)
def test_the_latest_profile_of_all_that_is_heard_fits(heard, name):
    found = fitting_profile(PROFILES, heard)
    assert (None if found is None else found.name) == name


@pytest.mark.parametrize(
    ("number", "heard", "is_other"),
    [
        (0, ("piano",), True),
        (0, ("guitar", "bass"), True),
        (0, ("saxophone", "piano"), False),  # with somebody else
        (0, ("clarinet",), False),  # which the detector may well take a harmonica for
        (0, ("synthesizer",), False),
        (0, (), False),  # it is not known what is heard
        (2, ("drums",), False),  # another name for the same
        (3, ("piano",), False),  # of the detector: it transcribes nothing
        (4, ("piano",), False),  # it is not known what it was made with
    ],
)
def test_a_profile_of_other_instruments_is_told(number, heard, is_other):
    assert is_misfit(PROFILES[number], heard) == is_other
