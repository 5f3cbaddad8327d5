"""The player on the chosen sound device: made when needed, given up when the device changes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from amtstudio.playback import OutputDevice, Player
from amtstudio.ui.played_instruments import PlayedInstruments
from amtstudio.ui.sound_devices import SoundDevices


class PlayerHolder(QObject):
    """Has one player at a time, and passes on what that one says, on the thread of the window.

    Attributes
    ----------
    player : Player, or None
        None before it is needed.
    device : OutputDevice, or None
        What the player plays on.
    """

    ended = Signal()
    failed = Signal(Exception)
    # From the threads of players, with their numbers: one that was given up may still speak.
    _said_end = Signal(int)
    _said_error = Signal(int, Exception)

    def __init__(
        self,
        devices: SoundDevices,
        instruments: PlayedInstruments,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.player: Player | None = None
        self.device: OutputDevice | None = None
        self._devices = devices
        self._instruments = instruments
        self._number = 0
        self._said_end.connect(self._pass_on_end)
        self._said_error.connect(self._pass_on_error)

    def make(self) -> Player | None:
        """The player; a new one where there is none, and None where there is no device for it.

        Raises ``AmtStudioError`` if the instruments or the device cannot be had.
        """
        device = self._devices.chosen
        if self.player is not None or device is None or self._devices.is_looking:
            return self.player
        bank = self._instruments.get()
        output = self._devices.open(device)
        self._number += 1
        number = self._number
        self.player = Player(
            output,
            bank=bank,
            on_end=lambda: self._said_end.emit(number),
            on_error=lambda error: self._said_error.emit(number, error),
        )
        self.device = device
        return self.player

    def drop(self) -> None:
        """Give the player up; nothing of it holds the device when this returns."""
        player, self.player, self.device = self.player, None, None
        if player is not None:
            player.close()

    def _pass_on_end(self, number: int) -> None:
        if number == self._number and self.player is not None:
            self.ended.emit()

    def _pass_on_error(self, number: int, error: Exception) -> None:
        if number == self._number and self.player is not None:
            self.failed.emit(error)
