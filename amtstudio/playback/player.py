"""Play, pause, seek, loop, slow down: the transport, and the thread that makes sound ahead."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from amtstudio.audio import FloatArray
from amtstudio.errors import AmtStudioError, AudioDeviceError
from amtstudio.playback.connection import Connection
from amtstudio.playback.feed import CHUNK
from amtstudio.playback.instrument_set import Instruments, InstrumentSet
from amtstudio.playback.maker import FeedMaker
from amtstudio.playback.mixer import Mixer, crossfade_gains
from amtstudio.playback.output import AudioOutput
from amtstudio.playback.wanted import Wanted
from amtstudio.symbolic import PIANO, Note, NoteTable, Pedal, TempoMap, Track

logger = logging.getLogger("amtstudio.playback")

SLOWEST, FASTEST = 0.5, 1.0
POLL_S = 0.01
LONGEST_NOTE_S = 5.0  # of a note that is clicked
_CLICK_GAIN = 0.7  # to be audible over loud music


class Player:
    """Plays a recording and its notes side by side.

    Every method may be called from any thread and returns immediately; the work is done by the
    player's own thread. Times are seconds of the recording, whatever the speed.

    Parameters
    ----------
    output : AudioOutput
        A ``DeviceOutput``, or a ``VirtualOutput`` if there is no device. Opened with the first
        sound and closed after some seconds without any.
    bank : Instruments, optional
        By default the bundled ones.
    on_end : callable, optional
        Called on the player's thread when the end is reached.
    on_error : callable, optional
        Called on the player's thread with an ``AmtStudioError`` when playing had to stop.
    """

    def __init__(
        self,
        output: AudioOutput,
        *,
        bank: Instruments | None = None,
        on_end: Callable[[], None] | None = None,
        on_error: Callable[[AmtStudioError], None] | None = None,
    ) -> None:
        self._output = output
        self._on_end = on_end
        self._on_error = on_error
        self._mixer = Mixer()
        self._maker = FeedMaker(
            InstrumentSet() if bank is None else bank, sample_rate=output.sample_rate
        )
        self._connection = Connection(output, self._mixer)
        self._changed = threading.Condition()
        self._wanted = Wanted()
        self._is_closed = False
        self._lost: str | None = None
        self._is_working = False
        # What follows belongs to the making thread; others read single values of it.
        self._built = Wanted(revision=-1)
        self._halted = -1  # the revision at which making sound failed
        self._volume = 1.0
        self._balance = 0.0
        self._is_clicking = False
        self._set_gains()
        self._thread = threading.Thread(target=self._run, name="playback", daemon=True)
        self._thread.start()

    # --- what to play -------------------------------------------------------------------------

    def load(
        self, audio: Path | None, notes: Iterable[Note] = (), pedals: Iterable[Pedal] = ()
    ) -> None:
        """Take another recording, or none, and its notes; stops, and goes to the beginning."""
        self._ask(
            load=self._wanted.load + 1,
            audio=audio,
            notes=NoteTable.of(notes),
            pedals=tuple(pedals),
            tempo=None,
            loop=None,
            is_playing=False,
            target=0.0,
        )

    def set_notes(self, notes: Iterable[Note], pedals: Iterable[Pedal] = ()) -> None:
        """Take other notes for the same recording, without a break in what is playing."""
        self._ask(notes=NoteTable.of(notes), pedals=tuple(pedals))

    def set_beats(self, tempo: TempoMap | None) -> None:
        """Where the metronome clicks, without a break in what is playing."""
        self._ask(tempo=tempo)

    def play_note(
        self, pitch: int, velocity: int = 80, duration: float = 0.6, track: Track = PIANO
    ) -> None:
        """Sound one note now, beside whatever is playing; ``duration`` in seconds."""
        note = Note(0.0, min(duration, LONGEST_NOTE_S), pitch, velocity, track=track)
        with self._changed:
            clicked = (*self._wanted.clicked, note)
            self._wanted = replace(self._wanted, clicked=clicked)
            self._changed.notify_all()

    # --- transport ----------------------------------------------------------------------------

    def play(self) -> None:
        """Go on; from the beginning (of the loop) where the end was reached."""
        with self._changed:
            half_sample = 0.5 / self._output.sample_rate
            if not self._is_asked() and self.position > self._maker.length - half_sample:
                loop = self._wanted.loop
                self._ask(is_playing=True, target=loop[0] if loop else 0.0)
            else:
                self._ask(is_playing=True, rebuild=self._halted == self._wanted.revision)

    def pause(self) -> None:
        self._ask(is_playing=False, rebuild=False)

    def stop(self) -> None:
        """Pause, and go to the beginning."""
        self._ask(is_playing=False, target=0.0)

    def seek(self, seconds: float) -> None:
        """Go to a place, exact to the sample; beyond the end is the end."""
        self._ask(target=max(seconds, 0.0))

    def set_loop(self, begin: float, end: float) -> None:
        """Play from ``begin`` to ``end``, in seconds, again and again.

        Raises ``ValueError`` unless 0 <= begin < end.
        """
        if not 0.0 <= begin < end:
            raise ValueError(f"need 0 <= begin < end, got {begin} and {end}")
        self._ask(loop=(begin, end))

    def clear_loop(self) -> None:
        self._ask(loop=None)

    @property
    def loop(self) -> tuple[float, float] | None:
        return self._wanted.loop

    @property
    def speed(self) -> float:
        return self._wanted.speed

    @speed.setter
    def speed(self, speed: float) -> None:
        """Between 0.5 and 1; the pitch stays. Raises ``ValueError`` beyond."""
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"speed must be {SLOWEST} to {FASTEST}, got {speed}")
        self._ask(speed=speed)

    @property
    def volume(self) -> float:
        return self._volume

    @volume.setter
    def volume(self, volume: float) -> None:
        """From 0 to 1, a factor of the amplitude. Raises ``ValueError`` beyond."""
        if not 0.0 <= volume <= 1.0:
            raise ValueError(f"volume must be 0 to 1, got {volume}")
        self._volume = volume
        self._set_gains()

    @property
    def balance(self) -> float:
        return self._balance

    @balance.setter
    def balance(self, balance: float) -> None:
        """0 for the recording, 1 for the notes, equal power between; ``ValueError`` beyond."""
        if not 0.0 <= balance <= 1.0:
            raise ValueError(f"balance must be 0 to 1, got {balance}")
        self._balance = balance
        self._set_gains()

    @property
    def is_clicking(self) -> bool:
        """Whether the metronome sounds while something plays."""
        return self._is_clicking

    @is_clicking.setter
    def is_clicking(self, is_clicking: bool) -> None:
        self._is_clicking = is_clicking
        self._set_gains()

    # --- state --------------------------------------------------------------------------------

    @property
    def is_playing(self) -> bool:
        return self._wanted.is_playing

    @property
    def duration(self) -> float:
        """Seconds: of the recording, or of the notes where there is none; 0 before it is known."""
        return self._maker.length

    @property
    def position(self) -> float:
        """Seconds in the recording of what is audible now, allowing for the output's latency."""
        with self._changed:
            wanted = self._wanted
            if self._is_asked() and wanted.target is not None:
                return wanted.target
            feed, waiting = self._mixer.feed, self._mixer.waiting_feed
            if waiting is not None and not (waiting.is_following and feed is not None):
                feed = waiting
            if feed is None:
                return wanted.target or 0.0
            clock = self._mixer.clock
            heard = feed.n_taken
            if wanted.is_playing and self._output.is_realtime and clock.feed is feed:
                since = time.monotonic() - clock.pulled_at - self._output.latency
                # Until the next block is pulled, time advances for as long as this one lasts.
                heard = clock.begin + min(round(since * self._output.sample_rate), clock.n_samples)
            return feed.seconds_at(max(heard, feed.n_passed_over))

    @property
    def n_late(self) -> int:
        """Samples that were silent because they were not made in time."""
        return self._mixer.n_late

    def close(self) -> None:
        """Stop for good; safe to call again."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        if self._thread is not threading.current_thread():
            # A device whose driver hangs must not hang the program.
            self._thread.join(timeout=5.0)

    # --- for the output -----------------------------------------------------------------------

    def pull(self, out: FloatArray) -> None:
        """Fill ``out``, shape (n,), with the next samples; called by the output."""
        self._mixer.pull(out)

    def wait_until_ready(self, n_samples: int, timeout: float) -> bool:
        """Wait until all requests are done and ``n_samples`` are ready."""
        with self._changed:
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._is_ready(n_samples), timeout)

    def _is_ready(self, n_samples: int) -> bool:
        if self._is_closed:
            return True
        if self._is_working or self._is_asked() or self._wanted.clicked or self._lost is not None:
            return False
        feed = self._mixer.waiting_feed or self._mixer.feed
        if feed is None or self._halted == self._wanted.revision:
            return True
        if self._wanted.is_playing != self._mixer.is_open:
            return False
        return feed.has_ended or feed.n_waiting >= n_samples

    # --- asking -------------------------------------------------------------------------------

    def _ask(self, *, rebuild: bool = True, **changes: object) -> None:
        with self._changed:
            revision = self._wanted.revision + 1 if rebuild else self._wanted.revision
            # A position that was requested and not reached yet stays requested.
            self._wanted = replace(self._wanted, revision=revision, **changes)  # type: ignore[arg-type]
            self._changed.notify_all()

    def _is_asked(self) -> bool:
        return self._wanted.revision != self._built.revision

    def _set_gains(self) -> None:
        original, synthesized = crossfade_gains(self._balance)
        click = _CLICK_GAIN if self._is_clicking else 0.0
        gains = np.array([original, synthesized, click]) * self._volume
        self._mixer.gains = gains.astype(np.float32)

    def _lose(self, sentence: str) -> None:
        with self._changed:
            self._lost = sentence
            self._changed.notify_all()

    # --- the making thread --------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(self._has_work, timeout=self._patience())
                if self._is_closed:
                    break
                wanted = self._wanted
                self._wanted = replace(wanted, clicked=())
                self._is_working = True
                lost = self._lost
            try:
                self._work(wanted, lost)
            except AmtStudioError as error:
                self._fail(error)
            except Exception:
                logger.exception("playback failed")
                self._fail(AudioDeviceError("Playing stopped because of an error in the program"))
            with self._changed:
                self._is_working = False
                self._changed.notify_all()
        self._connection.close()
        self._maker.close()

    def _patience(self) -> float | None:
        if self._wanted.is_playing:
            return POLL_S
        return 10 * POLL_S if self._connection.is_open else None

    def _has_work(self) -> bool:
        if self._is_closed or self._is_asked() or self._lost is not None or self._wanted.clicked:
            return True
        if self._halted == self._wanted.revision:
            return False
        feed = self._mixer.waiting_feed or self._mixer.feed
        is_playing = self._wanted.is_playing
        if is_playing != self._mixer.is_open or (is_playing and not self._connection.is_open):
            return True
        if feed is None:
            return False
        return (is_playing and feed.is_finished) or feed.has_room(CHUNK)

    def _work(self, wanted: Wanted, lost: str | None) -> None:
        if lost is not None:
            raise AudioDeviceError(lost)
        if wanted.revision != self._built.revision:
            self._build(wanted)
        if wanted.is_playing or wanted.clicked:
            self._connection.open(self, self._lose)
        for note in wanted.clicked:
            sound = self._maker.sound_of(note) * np.float32(self._volume)
            self._mixer.one_shots.append((sound, 0))
        self._mixer.is_open = wanted.is_playing
        feed = self._mixer.waiting_feed or self._mixer.feed
        while feed is not None and not self._is_asked() and feed.fill():
            pass
        if feed is not None and wanted.is_playing and feed.is_finished:
            self._finish()
        self._connection.watch(is_needed=self._wanted.is_playing)

    def _build(self, wanted: Wanted) -> None:
        """Make the requested feed, and let the output switch to it."""
        if wanted.load != self._built.load:
            self._maker.open(wanted.audio)
        old = self._mixer.waiting_feed or self._mixer.feed
        follows = None
        if wanted.target is None and old is not None:
            follows = old
            place = old.seconds_at(old.n_taken)
        else:
            place = wanted.target or 0.0
        feed = self._maker.feed(wanted, place, follows=follows)
        with self._changed:
            if not self._connection.is_open:
                feed.catch_up()
                self._mixer.feed, self._mixer.waiting_feed = feed, None
            else:
                self._mixer.waiting_feed = feed
            self._built = wanted
            if self._wanted.revision == wanted.revision:
                self._wanted = replace(self._wanted, target=None)

    def _finish(self) -> None:
        with self._changed:
            if self._is_asked():
                return
            self._wanted = replace(self._wanted, is_playing=False)
        self._mixer.is_open = False
        if self._on_end is not None:
            self._on_end()

    def _fail(self, error: AmtStudioError) -> None:
        logger.warning("%s", error)
        with self._changed:
            self._lost = None
            self._wanted = replace(self._wanted, is_playing=False, target=None, clicked=())
            has_loaded = self._built.load == self._wanted.load
            # The load that failed counts as not done: playing tries it again.
            self._built = replace(self._built, revision=self._wanted.revision)
            self._halted = self._wanted.revision
        self._connection.close()
        if not has_loaded:
            self._mixer.feed = None
        if self._on_error is not None:
            self._on_error(error)
