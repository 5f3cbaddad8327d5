"""Who plays which note: a model's word weighed by the detector's, on made-up hearing."""

from __future__ import annotations

import numpy as np
import pytest

from amtstudio.decoding import Players, with_players
from amtstudio.symbolic import NoteTable, Track
from amtstudio.symbolic.families import FAMILIES, FAMILY_TRACKS
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES, InstrumentActivity
from amtstudio.symbolic.tracks import PIANO

RNG = np.random.default_rng(11)
BAND = Players({"bass": 0.8, "guitar": 0.7, "voice": 0.05, "piano": 0.1})


def notes_at(pitches, *, every=0.25, shares=None):
    onset = np.arange(len(pitches)) * every
    velocity, sure = np.full(len(pitches), 80), np.full(len(pitches), 0.9)
    table = NoteTable.of_columns(onset, onset + 0.2, np.array(pitches), velocity, sure)
    if shares is None:
        return table
    return NoteTable(
        **{name: getattr(table, name) for name in (
            "onset", "offset", "pitch", "velocity", "confidence", "track", "id", "state")},
        shares=np.array(shares),
    )  # fmt: skip


def told(*families, sure=0.9):
    """Shares of a model that names a family for each note."""
    shares = np.full((len(families), len(FAMILIES)), (1.0 - sure) / (len(FAMILIES) - 1))
    shares[np.arange(len(families)), [FAMILIES.index(family) for family in families]] = sure
    return shares


def names(notes):
    return [notes.tracks[place].name for place in notes.track.tolist()]


def share_of_largest(notes):
    return np.bincount(notes.track).max() / len(notes)


@pytest.mark.parametrize(
    ("instrument", "low", "high"), [("violin", 55, 90), ("guitar", 40, 80), ("cello", 38, 70)]
)
@pytest.mark.parametrize("noise", [0.02, 0.3])
def test_a_solo_is_on_one_track_however_little_the_model_knows(instrument, low, high, noise):
    pitches = RNG.integers(low, high, 300)
    shares = np.full((300, len(FAMILIES)), 1 / 9) + noise * RNG.random((300, len(FAMILIES)))
    levels = dict.fromkeys(INSTRUMENT_CLASSES, 0.05) | {instrument: 0.6, "trumpet": 0.12}
    shares /= shares.sum(axis=1, keepdims=True)
    found = with_players(notes_at(pitches, shares=shares), Players(levels))
    assert share_of_largest(found) >= 0.97
    assert names(found).count(instrument) >= 0.97 * 300


def test_without_a_word_of_the_model_a_band_parts_by_range():
    pitches = [*RNG.integers(28, 45, 60), *RNG.integers(60, 80, 60)]
    found = names(with_players(notes_at(pitches), BAND))
    assert found[:60].count("bass") > 55
    assert found[60:].count("guitar") == 60


def test_a_family_that_the_detector_does_not_hear_takes_more_evidence_and_is_no_hard_zero():
    pitches = [*RNG.integers(45, 60, 60), *RNG.integers(70, 85, 30)]
    heard = Players({"guitar": 0.7})
    for sure, expected in ((0.35, 0), (0.97, 30)):
        shares = np.concatenate([told(*["guitar"] * 60), told(*["winds"] * 30, sure=sure)])
        found = names(with_players(notes_at(pitches, shares=shares), heard))
        assert found.count("winds") == expected
        assert found.count("guitar") == 90 - expected


def test_a_sure_model_outvotes_the_range():
    shares = told(*["guitar"] * 40, *["bass"] * 40, sure=0.98)
    pitches = [*RNG.integers(42, 52, 40), *RNG.integers(42, 52, 40)]
    found = names(with_players(notes_at(pitches, shares=shares), BAND))
    assert found[:40].count("guitar") > 36
    assert found[40:].count("bass") > 36


def test_no_phantom_harps():
    """A few notes that are called something else now and then make no player."""
    families = ["guitar"] * 200
    for place in range(0, 200, 40):
        families[place] = "mallets"
    pitches = RNG.integers(50, 70, 200)
    found = with_players(notes_at(pitches, shares=told(*families)), Players({"guitar": 0.6}))
    assert set(names(found)) == {"guitar"}


def test_who_plays_alone_stays_one_player_though_the_model_wavers():
    """A saxophone of whose licks every other one sounds a little like a trumpet."""
    pitches = 62 + RNG.integers(0, 8, 60)
    shares = np.full((60, len(FAMILIES)), 0.12 / 7)
    is_brass = np.arange(60) // 10 % 2 == 1
    winds, brass = FAMILIES.index("winds"), FAMILIES.index("brass")
    shares[:, winds] = np.where(is_brass, 0.12, 0.76)
    shares[:, brass] = np.where(is_brass, 0.76, 0.12)
    levels = Players({"saxophone": 0.6, "trumpet": 0.5})
    assert len(set(names(with_players(notes_at(pitches, shares=shares), levels)))) == 1
    # Two who play one after the other, each plainly, are two.
    shares = told(*["winds"] * 30, *["brass"] * 30, sure=0.98)
    found = names(with_players(notes_at(pitches, shares=shares), levels))
    assert found == ["saxophone"] * 30 + ["trumpet"] * 30


def test_a_doubtful_note_goes_with_those_around_it():
    levels = Players({"violin": 0.5, "flute": 0.5})
    shares = told(*["strings"] * 20, *["winds"] * 20, sure=0.85)
    shares[[5, 30]] = 1 / 9
    found = names(with_players(notes_at([74] * 40, every=1.0, shares=shares), levels))
    assert found == ["violin"] * 20 + ["flute"] * 20


def test_drums_stay_where_they_are_and_bends_too():
    drums = NoteTable.of_columns(
        np.array([0.1, 0.6]), np.array([0.2, 0.7]), np.array([36, 38]), np.array([90, 90]),
        np.array([0.9, 0.9]), on=Track.named("drums"),
    )  # fmt: skip
    notes = notes_at([60, 64, 67], shares=told("guitar", "guitar", "guitar")).joined(drums)
    found = with_players(notes, BAND)
    assert names(found) == ["guitar", "guitar", "guitar", "drums", "drums"]
    assert with_players(drums, BAND) is drums
    assert len(with_players(NoteTable.of(()), BAND)) == 0


def test_a_family_is_called_after_its_most_heard_instrument_where_one_is_heard():
    assert Players({"cello": 0.3, "violin": 0.4}).track("strings") == Track.named("violin")
    assert Players({"cello": 0.3}).track("winds") == FAMILY_TRACKS["winds"]


def test_what_was_heard_is_kept_as_a_tag():
    kept = BAND.to_metadata()
    assert Players.from_metadata(kept) == BAND
    assert Players.from_metadata({}) is None
    for text in ("", "violin", "violin much", "violin 1.5"):
        assert Players.from_metadata(dict.fromkeys(kept, text)) is None
    with pytest.raises(ValueError, match="levels must lie"):
        Players({"violin": float("nan")})


def test_levels_are_those_of_the_seconds_with_sound():
    n_classes = len(INSTRUMENT_CLASSES)
    scores = np.full((4, n_classes), 0.1)
    scores[:2, INSTRUMENT_CLASSES.index("violin")] = 0.8
    activity = InstrumentActivity(
        classes=INSTRUMENT_CLASSES,
        onsets=np.arange(4.0),
        offsets=np.arange(4.0) + 1.0,
        scores=scores,
        attention=np.full((4, n_classes), 0.25),
        track_scores=scores.mean(axis=0),
        thresholds=np.full(n_classes, 0.5),
        duration=4.0,
    )
    assert Players.of(activity).levels["violin"] == pytest.approx(0.8)


def test_ten_thousand_notes_take_less_than_a_frame_or_two_of_a_slider():
    pitches = RNG.integers(30, 90, 10_000)
    shares = RNG.dirichlet(np.ones(len(FAMILIES)), 10_000)
    notes = notes_at(pitches, every=0.06, shares=shares)
    found = with_players(notes, BAND)
    assert len(found) == 10_000
    assert found.tracks != (PIANO,)


def test_shares_go_with_the_notes():
    notes = notes_at([60, 64, 67], shares=told("guitar", "bass", "winds"))
    taken = notes.take(np.array([2, 0]))
    likeliest = [FAMILIES[place] for place in taken.shares.argmax(axis=1)]
    assert likeliest == ["winds", "guitar"]
    joined = notes_at([50]).joined(taken)
    assert np.allclose(joined.shares[0], 1 / 9)
    assert joined.shares[1:].tolist() == taken.shares.tolist()
    with pytest.raises(ValueError, match="shares must be those"):
        notes_at([60, 61], shares=told("guitar"))


def test_nobody_plays_but_those_that_are_given():
    given = Players.given(("violin", "cello", "bass"))
    shares = told(*["winds"] * 60, sure=0.99)
    found = names(with_players(notes_at(RNG.integers(30, 90, 60), shares=shares), given))
    assert set(found) <= {"violin", "cello", "bass"}
    alone = with_players(notes_at(RNG.integers(30, 90, 60)), Players.given(("flute",)))
    assert set(names(alone)) == {"flute"}
    assert Players.from_metadata(given.to_metadata()) == given
    for wrong in ((), ("kazoo",)):
        with pytest.raises(ValueError, match="instruments must be of"):
            Players.given(wrong)
