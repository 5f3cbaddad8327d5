"""What a model of all instruments rehearses and is guarded by."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from amtstudio.features import FrameGrid
from amtstudio.learning.expression import NO_FAMILY, note_losses
from amtstudio.learning.instruments.clips import PLAYERS, InstrumentClips, recorded_excerpt
from amtstudio.learning.label_free import agreement, onset_support
from amtstudio.learning.material import _stacked
from amtstudio.learning.rehearsal import clips_for, guard_of_instruments, plays_piano_alone
from amtstudio.learning.replay import ReplayClips
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.symbolic.families import FAMILIES

GRID = FrameGrid(16000, 512)


@pytest.fixture(scope="module")
def melodic():
    return load_transcription_model(find_model("melodic"))[0]


def test_a_piano_model_rehearses_the_piano_and_a_melodic_one_everything(melodic):
    piano = load_transcription_model(find_model("piano"))[0]
    assert plays_piano_alone(piano)
    assert not plays_piano_alone(melodic)
    options = {"grid": GRID, "n_frames": 60, "seed": 1}
    assert isinstance(clips_for(piano, (), **options), ReplayClips)
    assert isinstance(clips_for(melodic, ("voice",), **options), InstrumentClips)


def test_a_batch_teaches_each_head_that_it_has_labels_for(melodic):
    clips = clips_for(melodic, ("saxophone",), grid=GRID, n_frames=60, seed=1)
    batch = _stacked([clips.clip(number) for number in range(4)])
    with torch.no_grad():
        losses = note_losses(melodic(batch["audio"], batch["level"]), batch, melodic.heads)
    assert set(losses) == {head.name for head in melodic.heads}
    assert all(torch.isfinite(loss) for loss in losses.values())
    for name, values in clips.clip(2).items():
        np.testing.assert_array_equal(values.numpy(), clips.clip(2)[name].numpy())


def test_timbres_that_no_instrument_has_teach_no_family():
    families = {player.name: player.family for player in PLAYERS}
    assert families["harmonica"] == "winds"
    assert families["wind"] == ""
    assert all(family in (*FAMILIES, "") for family in families.values())
    assert NO_FAMILY not in range(len(FAMILIES))


@pytest.mark.parametrize("player", PLAYERS[::3], ids=lambda player: player.name)
def test_what_is_computed_is_true_of_its_sound(player):
    excerpt = recorded_excerpt(player, 4, 6.0)
    assert len(excerpt.audio) == 6 * 16000
    notes = excerpt.truth.notes
    assert len(notes) > 3
    assert notes.offset.max() <= 6.0
    assert agreement(notes, recorded_excerpt(player, 4, 6.0).truth.notes) == 1.0
    # The sound at its own partials grows where a note is said to begin; of several excerpts, for
    # that of an organ does not where it strikes again the chord that it holds.
    several = [excerpt, *(recorded_excerpt(player, seed, 6.0) for seed in (1, 2, 3, 5))]
    support = [onset_support(one.truth.notes, one.audio, 16000) for one in several]
    assert np.mean(support) > 0.6


def test_the_guard_holds_pianos_and_every_computed_instrument():
    assert len(guard_of_instruments(3.0)) == 6 + 3 * len(PLAYERS)
