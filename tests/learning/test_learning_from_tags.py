"""The instrument detector learns from what the user says of who plays."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import soundfile
import torch

from amtstudio.engine import InstrumentDetector
from amtstudio.engine.loading import load_transcriber
from amtstudio.errors import Cancelled, OptionError, ProfileError
from amtstudio.learning.instrument_tags import adaptation
from amtstudio.learning.instrument_tags.bags import (
    LONGEST_BAG,
    Stretch,
    bag_scores,
    draw_bag,
    labelled,
    split_stretches,
)
from amtstudio.learning.instrument_tags.gate import Told, judge, mean_auroc
from amtstudio.learning.instrument_tags.heard import Heard
from amtstudio.learning.instrument_tags.lesson import Lesson, Schedule, learn, part_of_the_way
from amtstudio.learning.instrument_tags.mixtures import REHEARSED, make_mixture
from amtstudio.learning.report import Code
from amtstudio.learning.request import Corrections, Request
from amtstudio.learning.run import run
from amtstudio.learning.wording import sentences
from amtstudio.models.instrument_attention import AttentionHead
from amtstudio.playback.synthesizer import render_transcription
from amtstudio.profiles import Profile, read_profile
from amtstudio.profiles.weights import save_profile
from amtstudio.symbolic import Note, Track, Transcription
from amtstudio.symbolic.instrument_tags import InstrumentTag
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES

DRUMS, PIANO = (INSTRUMENT_CLASSES.index(name) for name in ("drums", "piano"))


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))


def stretch(recording, first, last, name="drums", *, is_heard=False):
    tag = InstrumentTag(float(first), float(last), name, is_heard)
    return Stretch(recording, np.arange(first, last), tag)


def head(size=16):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return AttentionHead(size, len(INSTRUMENT_CLASSES), dropout=0.1, norm="layer").eval()


def weights(network):
    return torch.cat([value.detach().flatten() for value in network.parameters()])


def test_every_fourth_stretch_judges_and_each_kind_of_tag_teaches():
    stretches = [stretch(i, 0, 5) for i in range(4)]
    stretches += [stretch(i, 0, 5, "piano", is_heard=True) for i in range(5)]
    teaching, kept_back = split_stretches(stretches[::-1])
    assert len(kept_back) == 2
    assert {each.tag.instrument for each in kept_back} == {"drums", "piano"}
    assert len(teaching) == 7
    assert split_stretches(stretches)[1] == kept_back


def test_a_bag_is_asked_only_for_what_was_said_of_it():
    said = [
        stretch(0, 0, 20),
        stretch(0, 5, 8, "piano", is_heard=True),
        stretch(1, 0, 20, "voice", is_heard=True),
    ]

    def known(*instances):
        bag = labelled(0, np.array(instances), said)
        columns = bag.observed.nonzero().flatten().tolist()
        return {INSTRUMENT_CLASSES[column]: bool(bag.labels[column]) for column in columns}

    assert known(5, 6, 7) == {"drums": False, "piano": True}
    assert known(4, 5, 6, 7, 8) == {"drums": False, "piano": True}
    assert known(5, 6) == {"drums": False}  # the piano may be in the other second alone
    assert known(19, 20) == {}  # and there may be drums in the last


def test_bags_are_drawn_from_all_kinds_of_tags_and_hold_what_they_say():
    said = [stretch(0, 0, 100), stretch(1, 0, 50, "piano", is_heard=True)]
    rng = np.random.default_rng(1)
    bags = [draw_bag(said, rng) for _ in range(60)]
    of_drums = [bag for bag in bags if bag.recording == 0]
    assert 15 < len(of_drums) < 45
    assert all(bag.observed[DRUMS] and bag.labels[DRUMS] == 0 for bag in of_drums)
    assert len({len(bag.instances) for bag in of_drums}) > 5
    of_piano = [bag for bag in bags if bag.recording == 1]
    assert all(bag.observed[PIANO] and bag.labels[PIANO] == 1 for bag in of_piano)
    assert {len(bag.instances) for bag in of_piano} == {LONGEST_BAG}


def test_bags_of_any_length_score_as_the_head_scores_each_alone():
    network, rng = head(), torch.Generator().manual_seed(1)
    bags = [torch.randn(n, 16, generator=rng) for n in (1, 7, 3)]
    with torch.no_grad():
        together = bag_scores(network, bags)
        alone = torch.cat([network(bag[None]).bag for bag in bags])
    torch.testing.assert_close(together, alone)


def lesson():
    """One sound that the head takes for drums, which it is not, and others to remember."""
    rng = torch.Generator().manual_seed(5)
    taken = torch.randn(1, 16, generator=rng) + 0.2 * torch.randn(40, 16, generator=rng)
    recordings = [Heard(taken[:20], np.zeros(20, bool), 20.0)]
    mixtures = [Heard(torch.randn(8, 16, generator=rng), np.zeros(8, bool), 8.0) for _ in range(16)]
    made = Lesson(recordings, [stretch(0, 0, 20)], [(0, np.arange(20))], mixtures)
    return made, taken[20:]


def test_a_head_unlearns_what_it_is_told_and_remembers_the_rest():
    network = head()
    with torch.no_grad():
        network.score.bias[DRUMS] = 1.5
    made, others = lesson()
    before = weights(network)
    learned = learn(network, made, Schedule(n_steps=150, learning_rate=1e-3))
    assert torch.equal(weights(network), before)
    with torch.no_grad():
        assert bag_scores(network, [others])[0, DRUMS] > 0.6
        assert bag_scores(learned, [others])[0, DRUMS] < 0.3
        kept = [mixture.embeddings for mixture in made.mixtures]
        change = (bag_scores(learned, kept) - bag_scores(network, kept)).abs()
    assert change.mean() < 0.05
    half = part_of_the_way(network, learned, 0.5)
    torch.testing.assert_close(weights(half), (weights(learned) + before) / 2)


def test_the_same_tags_give_the_same_head_and_leave_the_random_numbers_of_others_alone():
    made, _ = lesson()
    schedule = Schedule(n_steps=5)
    state = torch.random.get_rng_state()
    first = learn(head(), made, schedule)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.equal(weights(learn(head(), made, schedule)), weights(first))
    other = learn(head(), made, Schedule(n_steps=5, seed=1))
    assert not torch.equal(weights(other), weights(first))


def test_learning_stops_before_the_next_step():
    done = []
    with pytest.raises(Cancelled):
        learn(
            head(),
            lesson()[0],
            on_step=lambda step, _loss: done.append(step),
            is_cancelled=lambda: len(done) == 3,
        )
    assert done == [1, 2, 3]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (Told((0.2, 1.0), 0.9, 0.5), Told((0.9, 1.0), 0.9, 0.5), Code.TAGS_ROSE),
        (Told((0.2, 1.0), 0.9, 0.5), Told((0.2, 1.0), 0.95, 0.5), Code.TAGS_SAME),
        (Told((0.2, 1.0), 0.9, 0.5), Told((1.0, 0.9), 0.9, 0.5), Code.TAGS_FELL),
        (Told((0.2, 1.0), 0.9, 0.5), Told((1.0, 1.0), 0.9, 0.47), Code.MIXTURES_FELL),
        (Told((0.2, 1.0), 0.9, 0.5), Told((1.0, 1.0), 0.89, 0.5), Code.MIXTURES_FELL),
    ],
)
def test_the_gate_asks_for_a_gain_and_for_no_loss(before, after, code):
    adopted, reasons = judge(before, after)
    assert adopted is (code is Code.TAGS_ROSE)
    assert [reason.code for reason in reasons] == [code]
    assert "{" not in sentences(reasons)


def test_the_area_under_the_curve_is_that_of_the_classes_that_play():
    scores = np.array([[0.9, 0.1, 0.5], [0.2, 0.4, 0.5], [0.6, 0.3, 0.5]], np.float32)
    plays = np.array([[True, True, False], [False, False, False], [False, True, False]])
    assert mean_auroc(scores, plays) == pytest.approx((1.0 + 0.0) / 2)


def test_mixtures_are_the_same_every_time_and_differ_by_their_number():
    one, same, other = (make_mixture(1, index, seconds=2.0) for index in (0, 0, 1))
    np.testing.assert_array_equal(one.audio, same.audio)
    assert one.audio.shape == (32000,)
    assert not np.array_equal(one.audio, other.audio)
    assert set(REHEARSED) <= set(INSTRUMENT_CLASSES)
    assert np.abs(one.audio).max() > 0.001


# -- a whole run, with the detector that ships --------------------------------------------------


def harmonica(path, seed):
    """A harmonica, which is no class of the detector: it takes it for a trumpet."""
    rng = np.random.default_rng(seed)
    track, notes, time = Track("harmonica", 22), [], 0.0
    while time < 11.5:
        length = float(rng.choice([0.25, 0.5, 1.0]))
        key = int(rng.integers(60, 85))
        notes.append(Note(time, time + 0.9 * length, key, int(rng.integers(60, 110)), track=track))
        time += length
    audio = render_transcription(Transcription(notes, duration=12.0), 16000)[: 12 * 16000]
    soundfile.write(path, audio, 16000)
    return path


@pytest.fixture(scope="module")
def harmonicas(tmp_path_factory):
    folder = tmp_path_factory.mktemp("harmonicas")
    return [harmonica(folder / f"{i}.wav", i) for i in range(6)]


@pytest.fixture
def quick(monkeypatch):
    """A few mixtures: what they guard against is not the subject here."""
    monkeypatch.setattr(adaptation, "N_REHEARSED", 6)
    monkeypatch.setattr(adaptation, "N_JUDGING", 6)


def request(paths, tags, **changes):
    said = {path: Corrections(instruments=tuple(each)) for path, each in tags.items()}
    values = {"name": "ours", "model": "instruments", "device": "cpu", "corrections": said}
    return Request(recordings=tuple(paths), **(values | changes))


def named(detector, path):
    return detector.detect_file(path).named()


def test_tags_travel_with_the_request_to_the_process_that_learns(tmp_path):
    said = (InstrumentTag(0.0, 12.0, "trumpet", False), InstrumentTag(1.5, 2.5, "flute", True))
    asked = request([tmp_path / "a.wav"], {tmp_path / "a.wav": said})
    again = Request.from_json(asked.to_json())
    assert again.corrections[tmp_path / "a.wav"].instruments == said


def test_what_is_said_of_some_recordings_is_told_right_in_others(harmonicas, quick):
    shipped = InstrumentDetector.load(device="cpu")
    assert all("trumpet" in named(shipped, path) for path in harmonicas)
    tags = {path: [InstrumentTag(0.0, 12.0, "trumpet", False)] for path in harmonicas[:4]}
    events = []
    report = run(request(harmonicas[:4], tags), on_event=events.append)
    assert report.adopted, sentences(report.reasons)
    assert report.reasons[0].code is Code.TAGS_ROSE
    assert report.after["tags"] > report.before["tags"]
    stages = [type(event).__name__ for event in events]
    assert stages.index("Listening") < stages.index("Learning") < stages.index("Judged")
    assert [event.fraction for event in events if type(event).__name__ == "Learning"][-1] == 1.0
    profile = read_profile("ours")
    assert profile.base == "instruments"
    assert profile.is_of_instruments
    assert {entry.role for entry in profile.ledger} <= {"adapt", "accept"}
    ours = InstrumentDetector.load(profile="ours", device="cpu")
    assert not any("trumpet" in named(ours, path) for path in harmonicas[4:])
    assert "trumpet" in named(InstrumentDetector.load(device="cpu"), harmonicas[4])
    with pytest.raises(ProfileError, match="does not transcribe"):
        load_transcriber("piano", profile="ours", device="cpu")


def test_too_few_tags_are_refused_with_what_to_do(harmonicas):
    tags = {harmonicas[0]: [InstrumentTag(0.0, 12.0, "piano", False)]}
    report = run(request(harmonicas[:1], tags))
    assert not report.adopted
    assert report.reasons[0].code is Code.FEW_TAGS
    text = sentences(report.reasons)
    assert "marked instruments: 1; at least 4 are needed" in text
    assert "Is Not Heard Here" in text
    with pytest.raises(ProfileError, match="no profile"):
        read_profile("ours")


def test_a_run_stops_within_a_mixture_and_leaves_nothing(harmonicas):
    seen = []
    with pytest.raises(Cancelled):
        run(
            request(
                harmonicas[:1],
                {
                    harmonicas[0]: [
                        InstrumentTag(i, i + 1.5, "piano", False) for i in range(0, 8, 2)
                    ]
                },
            ),
            on_event=seen.append,
            is_cancelled=lambda: any(type(event).__name__ == "Listening" for event in seen),
        )
    with pytest.raises(ProfileError, match="no profile"):
        read_profile("ours")


def test_scores_teach_no_detector(harmonicas, tmp_path):
    score = tmp_path / "a.mid"
    score.write_bytes(b"")
    with pytest.raises(OptionError, match="does not learn from scores"):
        run(request(harmonicas[:1], {}, scores={harmonicas[0]: score}))


def test_a_profile_of_notes_tells_no_instruments():
    profile = Profile("notes", "piano", "0" * 64, {"onset": 0.5, "frame": 0.5})
    state = {"weight": torch.zeros(1)}
    save_profile(profile, state, copy.deepcopy(state))
    with pytest.raises(ProfileError, match="does not detect instruments"):
        InstrumentDetector.load(profile="notes", device="cpu")
