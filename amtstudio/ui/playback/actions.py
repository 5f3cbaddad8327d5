"""Playback actions, as menu entries and keys; the bar shows some of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QMenu,
)

from amtstudio.ui.document_page import DocumentPage
from amtstudio.ui.icons import icon
from amtstudio.ui.menus import Section
from amtstudio.ui.playback.cursor_follower import CursorFollower
from amtstudio.ui.playback_controller import FASTEST_PERCENT, PlaybackController
from amtstudio.ui.sound_devices import key_of

SPEED_STEP = 5  # per cent
_STEP_S, _BIG_STEP_S = 1.0, 10.0
_STEP_SHARE, _BIG_STEP_SHARE = 0.125, 0.9  # of the view, which they do not leave at one go


class PlaybackActions(QObject):
    """Belongs to a page; ``all`` lists every action with a key, for the sheet of keys."""

    def __init__(
        self, controller: PlaybackController, follower: CursorFollower, page: DocumentPage
    ) -> None:
        super().__init__(page)
        self.all: list[QAction] = []
        self._controller = controller
        self._follower = follower
        self._page = page
        self._drawn: tuple[bool, bool, int] | None = None  # what the icons show
        tr = self.tr
        self.play = self._add(tr("&Play"), controller.toggle, "Space")
        self.stop = self._add(tr("S&top"), controller.stop)
        self.to_start = self._add(tr("To the &Start"), controller.to_start, "Home", "Shift+Space")
        self.back = self._add(tr("Step &Back"), lambda: self._skip(-1.0), "Left")
        self.on = self._add(tr("Step F&orward"), lambda: self._skip(1.0), "Right")
        self.far_back = self._add(tr("Skip Back"), lambda: self._skip_far(-1.0), "Shift+Left")
        self.far_on = self._add(tr("Skip Forward"), lambda: self._skip_far(1.0), "Shift+Right")
        self.loop = self._add(tr("&Loop"), self._toggle_loop, "L", checkable=True)
        self.follow = self._add(tr("&Follow the Cursor"), self._toggle_follow, "C", checkable=True)
        self.faster = self._add(tr("F&aster"), lambda: self._speed_up(SPEED_STEP), "Ctrl+PgUp")
        self.slower = self._add(tr("Slo&wer"), lambda: self._speed_up(-SPEED_STEP), "Ctrl+PgDown")
        self.full_speed = self._add(tr("Full Sp&eed"), self._set_full_speed, "Ctrl+Home")
        self.click = self._add(tr("Met&ronome"), self._toggle_click, "K", checkable=True)
        self.mute = self._add(tr("&Mute"), self._toggle_mute, "M", checkable=True)
        self.look_again = self._add(tr("Look for Sound Devices &Again"), self._look_again)
        self.device_menu = QMenu(tr("Sound &Device"))
        self._device_group = QActionGroup(self)
        self.follow.setChecked(follower.is_following)
        controller.state_changed.connect(self.refresh)
        controller.devices.changed.connect(self._fill_device_menu)
        self._fill_device_menu()
        self.refresh()

    def fill(self, section: Section) -> None:
        for part in (
            (self.play, self.stop, self.to_start),
            (self.back, self.on, self.far_back, self.far_on),
            (self.loop, self.follow, self.click),
            (self.slower, self.faster, self.full_speed, self.mute),
        ):
            for action in part:
                section.put(action, is_listed=False)
            section.add_line()
        section.put_menu(self.device_menu)
        section.listed += self.all

    def set_icons(self, palette: QPalette) -> None:
        """In the colours of this palette."""
        is_playing, is_muted = self._controller.is_playing, self._controller.is_muted
        drawn = (is_playing, is_muted, palette.cacheKey())
        if drawn == self._drawn:
            return
        self._drawn = drawn
        for action, name in (
            (self.play, "pause" if is_playing else "resume"),
            (self.stop, "stop"),
            (self.to_start, "to_start"),
            (self.loop, "loop"),
            (self.follow, "follow"),
            (self.click, "metronome"),
            (self.mute, "muted" if is_muted else "sound"),
        ):
            action.setIcon(icon(name, palette))

    def refresh(self) -> None:
        """Say what can be done now, and why the rest cannot."""
        controller = self._controller
        has_document = controller.document is not None
        for action in (self.to_start, self.back, self.on, self.far_back, self.far_on, self.follow):
            action.setEnabled(has_document)
        absence = controller.absence
        for action in (self.play, self.stop, self.loop, self.slower, self.faster, self.full_speed):
            action.setEnabled(controller.can_play)
        self.click.setEnabled(controller.can_play and controller.has_beats)
        self.click.setChecked(controller.is_clicking)
        self.mute.setEnabled(absence is None)
        self.play.setText(self.tr("&Pause") if controller.is_playing else self.tr("&Play"))
        self.loop.setChecked(controller.is_looping)
        self.mute.setChecked(controller.is_muted)
        for action in self.all:
            action.setToolTip(_tip(action))
        if has_document and not controller.has_beats:
            self.click.setToolTip(self.tr("The metronome needs beats: Beats > Find Beats (Ctrl+B)"))
        if absence is not None:
            reason = " ".join(part for part in (absence.reason, absence.next_step) if part)
            for action in (self.play, self.stop, self.loop, self.click, self.mute):
                action.setToolTip(reason)
        self.look_again.setEnabled(not controller.devices.is_looking)
        self.set_icons(self._page.palette())

    # -- layout -----------------------------------------------------------------------------------

    def _add(
        self, text: str, slot: Callable[[], object], *keys: str, checkable: bool = False
    ) -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setCheckable(checkable)
        action.triggered.connect(lambda _checked=False: slot())
        self.all.append(action)
        return action

    def _fill_device_menu(self) -> None:
        devices = self._controller.devices
        self.device_menu.clear()
        system = self.tr("System Default")
        if devices.found:
            system = self.tr("System Default: {name}").format(name=devices.found[0].name)
        entries = [("", system), *((key_of(device), key_of(device)) for device in devices.found)]
        for key, text in entries:
            action = self.device_menu.addAction(text.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(key == devices.wanted)
            action.setEnabled(bool(devices.found))
            action.triggered.connect(lambda _checked=False, key=key: devices.choose(key))
            self._device_group.addAction(action)
        self.device_menu.addSeparator()
        self.device_menu.addAction(self.look_again)

    # -- wishes -----------------------------------------------------------------------------------

    def _visible_s(self) -> float:
        start, end = self._page.roll.visible_range
        return end - start

    def _skip(self, direction: float) -> None:
        self._controller.skip(direction * min(_STEP_S, _STEP_SHARE * self._visible_s()))

    def _skip_far(self, direction: float) -> None:
        self._controller.skip(direction * min(_BIG_STEP_S, _BIG_STEP_SHARE * self._visible_s()))

    def _toggle_loop(self) -> None:
        selection = self._page.time_selection
        if self.loop.isChecked() and selection.is_empty:
            # What is in view is as good a guess as any, and it can be seen and moved.
            selection.set(*self._page.roll.visible_range, duration=self._controller.duration)
        self._controller.set_looping(self.loop.isChecked())

    def _toggle_follow(self) -> None:
        self._follower.is_following = self.follow.isChecked()

    def _toggle_click(self) -> None:
        self._controller.set_clicking(self.click.isChecked())

    def _toggle_mute(self) -> None:
        self._controller.set_muted(self.mute.isChecked())

    def _speed_up(self, percent: int) -> None:
        self._controller.set_speed(self._controller.speed_percent + percent)

    def _set_full_speed(self) -> None:
        self._controller.set_speed(FASTEST_PERCENT)

    def _look_again(self) -> None:
        self._controller.look_for_devices(refresh=True)


def _tip(action: QAction) -> str:
    text = action.text().replace("&", "")
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return f"{text} ({keys})" if keys else text
