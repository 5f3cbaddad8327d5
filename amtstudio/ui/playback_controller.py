"""Playing the open document: what the transport bar, the menus and the views ask for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from amtstudio.errors import AmtStudioError, AudioDeviceError
from amtstudio.playback import Player
from amtstudio.symbolic import PIANO, Track
from amtstudio.ui.document import Document
from amtstudio.ui.failure import describe
from amtstudio.ui.jobs import JobPool
from amtstudio.ui.played_instruments import PlayedInstruments
from amtstudio.ui.player_holder import PlayerHolder
from amtstudio.ui.sound_devices import Absence, SoundDevices, SoundSystem
from amtstudio.ui.time_selection import TimeSelection

SLOWEST_PERCENT, FASTEST_PERCENT = 50, 100
_GATHER_MS = 80  # of changes of the notes, while they are played
_END_S = 0.02  # so near to the end, playing begins again
_SLOWEST_SCREEN_HZ, _FASTEST_SCREEN_HZ = 30.0, 144.0


class PlaybackController(QObject):
    """The transport of one window.

    Nothing is opened before it is first needed: neither the sound device, nor the recording, nor
    the instruments. The player's threads speak through signals, so that all slots run on the thread
    of the window.

    Signals
    -------
    state_changed
        One of the properties has changed, not counting the position.
    position_changed(float)
        Seconds; at the rate of the screen while something plays.
    jumped(float)
        Seconds: the user has moved to another position.
    """

    state_changed = Signal()
    position_changed = Signal(float)
    jumped = Signal(float)

    def __init__(
        self,
        pool: JobPool,
        selection: TimeSelection,
        sound: SoundSystem,
        *,
        device: str = "",
        soundfont: str = "",
        volume: float = 0.8,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.devices = SoundDevices(sound, pool, wanted=device, parent=self)
        self.instruments = PlayedInstruments(pool, soundfont, self)
        self.message = ""  # why playing stopped; empty once it continues
        self._selection = selection
        self._document: Document | None = None
        self._holder = PlayerHolder(self.devices, self.instruments, self)
        self._loaded: tuple[Document, Path | None] | None = None
        self._has_other_notes = False  # than the player
        self._place = 0.0  # seconds; while the player has nothing loaded
        self._speed = FASTEST_PERCENT
        self._balance = 0.5
        self._volume = volume
        self._is_muted = False
        self._is_looping = False
        self._is_clicking = False
        self._had_beats = False
        self._is_recording = False
        self._ticks = QTimer(self)
        self._ticks.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticks.timeout.connect(self._tell_position)
        self._gathering = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gathering.timeout.connect(self._hand_on_notes)
        self.devices.changed.connect(self._take_devices)
        self.instruments.changed.connect(self._take_instruments)
        selection.changed.connect(self._follow_selection)
        self._holder.ended.connect(self._take_end)
        self._holder.failed.connect(self._take_failure)

    # -- state ------------------------------------------------------------------------------------

    @property
    def absence(self) -> Absence | None:
        """Why nothing can be played on this machine now; None: it can."""
        if self._is_recording:
            return Absence(self.tr("Playback is off while recording."))
        return self.devices.absence

    @property
    def can_play(self) -> bool:
        return self.absence is None and self._document is not None

    @property
    def is_playing(self) -> bool:
        return self._player is not None and self._player.is_playing

    @property
    def position(self) -> float:
        """Seconds: the playback position, or where playing would begin."""
        place = self._place
        if self._player is not None and self._loaded is not None:
            place = self._player.position
        return min(place, self.duration) if self.duration > 0.0 else place

    @property
    def duration(self) -> float:
        """Seconds: of the recording, or until the last note where it is missing."""
        document = self._document
        if document is None or document.duration > 0.0:
            return 0.0 if document is None else document.duration
        return float(document.notes.offset.max(initial=0.0))

    @property
    def document(self) -> Document | None:
        return self._document

    @property
    def audio(self) -> Path | None:
        """The recording to play; None: it is not there, only its notes are."""
        if self._document is None or not self._document.has_recording:
            return None
        return self._document.path

    @property
    def is_looping(self) -> bool:
        return self._is_looping

    @property
    def is_clicking(self) -> bool:
        """Whether the metronome is switched on; it sounds where there are beats."""
        return self._is_clicking

    @property
    def has_beats(self) -> bool:
        return self._document is not None and self._document.tempo is not None

    @property
    def speed_percent(self) -> int:
        return self._speed

    @property
    def balance(self) -> float:
        """0 for the recording, 1 for the notes."""
        return self._balance

    @property
    def volume(self) -> float:
        """0 to 1, of a slider's travel."""
        return self._volume

    @property
    def is_muted(self) -> bool:
        return self._is_muted

    # -- what is played ---------------------------------------------------------------------------

    def set_document(self, document: Document | None) -> None:
        """Play this one from now on; stops playback."""
        if document is self._document:
            return
        self.stop()
        self.set_looping(False)
        if self._document is not None:
            self._document.notes_changed.disconnect(self._note_change)
            self._document.beats_changed.disconnect(self._hand_on_beats)
            self._document.info_changed.disconnect(self.state_changed)
        self._document = document
        self._had_beats = self.has_beats
        if document is not None:
            document.notes_changed.connect(self._note_change)
            document.beats_changed.connect(self._hand_on_beats)
            document.info_changed.connect(self.state_changed)
        self._unload()
        if self._player is not None:
            self._player.load(None)  # releases the file
        self._place = 0.0
        self.message = ""
        self.state_changed.emit()
        self.position_changed.emit(0.0)

    def hear(
        self, pitch: int, velocity: int = 80, duration: float = 0.6, track: Track = PIANO
    ) -> None:
        """Sound one note now, beside whatever plays."""
        if self.absence is None and (player := self._ready_player()) is not None:
            player.play_note(pitch, velocity, duration, track)

    # -- transport --------------------------------------------------------------------------------

    def play(self) -> None:
        player = self._ready_player() if self.can_play else None
        if player is None:
            return
        self.message = ""
        self._load(player)
        loop = self._selection.range if self._is_looping else None
        if loop is not None and not loop[0] <= self.position < loop[1]:
            player.seek(loop[0])
        elif loop is None and self.position > max(self.duration - _END_S, 0.0):
            player.seek(0.0)
        player.play()
        self._ticks.start(_tick_ms())
        self.state_changed.emit()
        self.jumped.emit(self.position)

    def pause(self) -> None:
        if self._player is not None and self._player.is_playing:
            self._player.pause()
        self._rest()

    def toggle(self) -> None:
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def stop(self) -> None:
        """Pause, and go back to the beginning."""
        self.pause()
        self._go_to(0.0)

    def seek(self, seconds: float) -> None:
        """Go to a position in the document; works without a sound device too."""
        if self._document is None:
            return
        self._go_to(min(max(seconds, 0.0), self.duration))
        self.jumped.emit(self.position)

    def skip(self, seconds: float) -> None:
        self.seek(self.position + seconds)

    def to_start(self) -> None:
        """To the beginning, of the loop if there is one."""
        loop = self._selection.range if self._is_looping else None
        self.seek(0.0 if loop is None else loop[0])

    def set_looping(self, is_looping: bool) -> None:
        """Play the marked stretch of time again and again."""
        wanted = is_looping and self._selection.range is not None
        if wanted != self._is_looping:
            self._is_looping = wanted
            self._apply_loop()
        self.state_changed.emit()

    def set_speed(self, percent: int) -> None:
        self._speed = min(max(percent, SLOWEST_PERCENT), FASTEST_PERCENT)
        if self._player is not None:
            self._player.speed = self._speed / 100.0
        self.state_changed.emit()

    def set_balance(self, balance: float) -> None:
        """0 for the recording, 1 for the notes."""
        self._balance = balance
        self._apply_levels()

    def set_volume(self, volume: float) -> None:
        self._volume = volume
        self._is_muted = False
        self._apply_levels()

    def set_clicking(self, is_clicking: bool) -> None:
        """Switch the metronome on or off."""
        self._is_clicking = is_clicking
        self._apply_levels()

    def set_muted(self, is_muted: bool) -> None:
        self._is_muted = is_muted
        self._apply_levels()

    # -- recording, and the end -------------------------------------------------------------------

    def set_recording(self, is_recording: bool) -> None:
        """During recording nothing is played, and the sound devices are left alone."""
        if is_recording == self._is_recording:
            return
        self._is_recording = is_recording
        if is_recording:
            self.let_go()
            self.state_changed.emit()
        else:
            self.look_for_devices()

    def look_for_devices(self, *, refresh: bool = False) -> None:
        """Find out which devices there are; ``refresh``: also those plugged in since."""
        if self._is_recording or self.devices.is_looking:
            return
        if refresh:
            self.let_go()
        self.devices.look(refresh=refresh)

    def let_go(self) -> None:
        """Pause, and leave the sound device alone until something is played again.

        When this returns, the list of devices may be read again, which ends all streams.
        """
        if self._player is not None:
            self._unload()
            self._holder.drop()
            self._rest()

    def _take_instruments(self) -> None:
        """Go on with the others, from where it is."""
        was_playing = self.is_playing
        self.let_go()
        if was_playing:
            self.play()

    # -- the player -------------------------------------------------------------------------------

    @property
    def _player(self) -> Player | None:
        return self._holder.player

    def _ready_player(self) -> Player | None:
        """The player on the chosen device; None, and a message, where that cannot be had."""
        was_there = self._player is not None
        try:
            player = self._holder.make()
        except AmtStudioError as error:
            self._show_failure(error)
            return None
        if player is not None and not was_there:
            player.speed = self._speed / 100.0
            self._apply_levels()
        return player

    def _load(self, player: Player) -> None:
        document, audio = self._document, self.audio
        assert document is not None
        if self._loaded == (document, audio):
            if self._has_other_notes:
                self._hand_on_notes()
            return
        place = self.position
        player.load(audio, document.audible_notes, document.shown_pedals)
        player.set_beats(document.tempo)
        player.seek(place)
        self._loaded = document, audio
        self._has_other_notes = False
        self._apply_loop()
        self._apply_levels()

    def _unload(self) -> None:
        """Keep the place, and let the player's recording be; it is loaded again before playing."""
        self._place = self.position
        self._loaded = None
        self._gathering.stop()

    def _go_to(self, seconds: float) -> None:
        if self._player is not None and self._loaded is not None:
            self._player.seek(seconds)
        else:
            self._place = seconds
        self._tell_position()

    def _rest(self) -> None:
        self._ticks.stop()
        self.state_changed.emit()
        self._tell_position()

    def _tell_position(self) -> None:
        self.position_changed.emit(self.position)

    def _apply_loop(self) -> None:
        if self._player is None or self._loaded is None:
            return
        loop = self._selection.range if self._is_looping else None
        if loop is None:
            self._player.clear_loop()
        else:
            self._player.set_loop(*loop)

    def _apply_levels(self) -> None:
        if self._player is not None:
            # The square of the slider's travel is perceived as an even increase in loudness.
            self._player.volume = 0.0 if self._is_muted else self._volume**2
            has_audio = self._loaded is None or self._loaded[1] is not None
            self._player.balance = self._balance if has_audio else 1.0
            self._player.is_clicking = self._is_clicking
        self.state_changed.emit()

    # -- changes ----------------------------------------------------------------------------------

    def _note_change(self) -> None:
        self._has_other_notes = True
        # Many changes in a row (a slider that is drawn) are handed on together, but not put off
        # until the last of them: they are to be played.
        if self.is_playing and not self._gathering.isActive():
            self._gathering.start()

    def _hand_on_notes(self) -> None:
        if self._player is not None and self._loaded is not None and self._document is not None:
            self._has_other_notes = False
            document = self._document
            self._player.set_notes(document.audible_notes, document.shown_pedals)

    def _hand_on_beats(self) -> None:
        if self._player is not None and self._loaded is not None and self._document is not None:
            self._player.set_beats(self._document.tempo)
        if self.has_beats != self._had_beats:
            self._had_beats = self.has_beats
            self.state_changed.emit()

    def _follow_selection(self) -> None:
        if not self._is_looping:
            return
        if self._selection.range is None:
            self.set_looping(False)
        else:
            self._apply_loop()

    def _take_devices(self) -> None:
        was_playing = self.is_playing
        if self._player is not None and self.devices.chosen != self._holder.device:
            self.let_go()
            if was_playing:
                self.play()
        self.state_changed.emit()

    def _take_end(self) -> None:
        if not self.is_playing:
            self._rest()

    def _take_failure(self, error: Exception) -> None:
        self._show_failure(error)
        if isinstance(error, AudioDeviceError):
            # The list that PortAudio keeps still has the device that went.
            self.look_for_devices(refresh=True)

    def _show_failure(self, error: Exception) -> None:
        subject = "" if self._document is None else str(self._document.path)
        failure = describe(error, subject=subject)
        self.message = failure.sentences
        self._rest()


def _tick_ms() -> int:
    screen = QGuiApplication.primaryScreen()
    rate = 60.0 if screen is None else screen.refreshRate()
    return round(1000.0 / min(max(rate, _SLOWEST_SCREEN_HZ), _FASTEST_SCREEN_HZ))
