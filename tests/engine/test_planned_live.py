"""The model that hears a take follows what is played."""

from __future__ import annotations

import threading
import time
from collections import Counter

import numpy as np
import pytest
import torch
from played_takes import RATE, played_drums, played_on, played_piano

from amtstudio.computing.threads import compute_alone
from amtstudio.engine import PlannedLive, load_transcriber
from amtstudio.engine.live_planner import LivePlanner
from amtstudio.engine.plan import AUTO, Reason

PATIENCE_S = 300.0
NEAR_S = 0.05


def load(name):
    return load_transcriber(name, device="cpu", n_threads=1)


def new_stream(transcriber):
    return transcriber.live(sample_rate=RATE, max_lag_s=0.5)


def listening(first):
    live = PlannedLive(load(first), sample_rate=RATE, max_lag_s=0.5).follow_plan(load)
    live.warm_up()
    return live


def feed(live, audio):
    events = []
    for start in range(0, len(audio), RATE):
        events += live.feed(audio[start : start + RATE])
    return events


def switched(live):
    """Wait for another model while nothing more comes."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if (switch := live.switch()) is not None:
            return switch
        time.sleep(0.05)
    raise AssertionError("no other model came")


def test_a_drummer_is_heard_by_the_model_for_drums_as_soon_as_that_is_clear():
    audio, hits = played_drums(9.0)
    live = listening("piano")
    before = feed(live, audio[: 5 * RATE])
    switch = switched(live)
    after = [*switch.events, *feed(live, audio[5 * RATE :]), *live.finish()]

    assert (switch.model, live.model) == ("drums", "drums")
    assert switch.plan.reason is Reason.ONLY_DRUMS
    assert (switch.begin, switch.now) == (0.0, 5.0)  # all of it was heard again
    assert {event.id for event in before}.isdisjoint(event.id for event in after)
    confirmed = [event for event in after if event.kind == "confirmed"]
    assert all(event.track.is_drums for event in confirmed)
    found = sum(
        any(
            event.pitch == hit.pitch and abs(event.onset - hit.onset) < NEAR_S
            for event in confirmed
        )
        for hit in hits
    )
    assert found > 0.9 * len(hits)
    strikes = Counter((event.pitch, round(event.onset / 0.25)) for event in confirmed)
    assert max(strikes.values()) == 1  # none of them twice, where the two models meet


def test_notes_that_the_former_model_heard_end_before_it_goes():
    audio, _ = played_on("harmonica", 6.0)
    live = listening("piano")
    former = feed(live, audio[: 5 * RATE])
    switch = switched(live)
    live.close()
    assert switch.model == "melodic"
    assert set(switch.plan.heard) & {"accordion", "violin", "flute"}
    former += switch.ended
    begun = {event.id for event in former if event.kind == "confirmed"}
    assert begun == {event.id for event in former if event.kind == "ended"}


def test_a_pianist_after_another_player_is_heard_by_the_piano_model_again():
    live = listening("melodic")
    feed(live, played_piano(5.0))
    assert switched(live).model == "piano"
    live.close()


def test_the_model_stays_where_nothing_is_clear():
    hum = 0.05 * np.sin(2 * np.pi * 50.0 * np.arange(6 * RATE) / RATE).astype(np.float32)
    planner = LivePlanner(load, "melodic", load("melodic"), new_stream=new_stream, sample_rate=RATE)
    looks = []
    look = planner._look
    planner._look = lambda detector: looks.append(look(detector)) or looks[-1]
    planner.feed(hum)
    planner.start()
    deadline = time.monotonic() + PATIENCE_S
    while not looks and time.monotonic() < deadline:
        time.sleep(0.05)
    planner.end()
    planner.join(PATIENCE_S)
    assert looks[0] is None
    assert planner.take_ready() is None


def test_the_user_has_the_last_word_and_may_leave_it_to_the_program_again():
    live = listening("piano")
    audio, _ = played_drums(6.0)
    live.ask_for("melodic")
    feed(live, audio[: 5 * RATE])
    switch = switched(live)
    assert (switch.model, switch.plan) == ("melodic", None)
    feed(live, audio[5 * RATE :])
    time.sleep(1.0)
    assert live.switch() is None  # though these are drums
    live.ask_for(AUTO)
    assert switched(live).model == "drums"
    live.close()


@pytest.mark.parametrize("work", ["_look", "_prepare"])
def test_the_thread_that_hears_does_not_wait_for_what_the_planner_does(work, monkeypatch):
    planner = LivePlanner(load, "piano", load("piano"), new_stream=new_stream, sample_rate=RATE)
    audio, _ = played_drums(5.0)
    begun, may_end = threading.Event(), threading.Event()
    real = planner._look if work == "_look" else load

    def slow(*arguments):
        begun.set()
        assert may_end.wait(PATIENCE_S)
        return real(*arguments)

    monkeypatch.setattr(planner, "_look" if work == "_look" else "_load", slow)
    planner.feed(audio)
    planner.start()
    assert begun.wait(PATIENCE_S)

    def hear():
        planner.feed(audio[:160])
        planner.take_ready()
        planner.audio_from(0)

    hearing = threading.Thread(target=hear, daemon=True)
    hearing.start()
    hearing.join(5.0)
    assert not hearing.is_alive()
    planner.end()
    may_end.set()
    planner.join(PATIENCE_S)
    assert not planner.is_alive()


def test_a_thread_that_computes_alone_leaves_the_others_theirs():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        numbers = {}

        def alone():
            compute_alone()
            numbers["its own"] = torch.get_num_threads()

        def later():
            numbers["a later one"] = torch.get_num_threads()

        for work in (alone, later):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
        numbers["this one"] = torch.get_num_threads()
    finally:
        torch.set_num_threads(before)
    assert numbers == {"its own": 1, "a later one": 2, "this one": 2}
