"""A dialog shown during long work that blocks everything else."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QProgressDialog, QWidget

_STEPS = 1000
_SHOWN_AFTER_MS = 100


class WaitDialog(QProgressDialog):
    """Comes up after a tenth of a second, and keeps the window from other wishes until ``end``.

    Parameters
    ----------
    text : str
        What is being done.
    cancel : callable, optional
        Stops it; without it, there is no such button.
    """

    def __init__(
        self, text: str, window: QWidget, *, cancel: Callable[[], object] | None = None
    ) -> None:
        super().__init__(text, "", 0, 0, window)
        self._window = window
        self._can_cancel = cancel is not None
        self.setWindowTitle(window.windowTitle().replace("[*]", ""))
        self.setAccessibleName(text)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAutoClose(False)
        self.setAutoReset(False)
        if cancel is None:
            self.setCancelButton(None)
        else:
            self.setCancelButtonText(self.tr("Cancel"))
            self.canceled.connect(cancel)
        # Its own clock runs for four seconds, and longer once there is progress.
        self.setMinimumDuration(2**31 - 1)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self.show)
        self._clock.start(_SHOWN_AFTER_MS)

    def set_progress(self, done: float, total: float | None) -> None:
        if total and not self.wasCanceled():
            self.setMaximum(_STEPS)
            # The last step would take the dialog for done before its result is there.
            self.setValue(min(round(_STEPS * done / total), _STEPS - 1))

    def end(self) -> None:
        self._can_cancel = True
        self._clock.stop()
        self.blockSignals(True)
        self.reset()
        was_active = self.isActiveWindow()
        self.hide()
        if was_active:
            # Not every platform does: keys would go nowhere.
            self._window.activateWindow()
        self.deleteLater()

    def reject(self) -> None:
        if self._can_cancel:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if self._can_cancel:
            super().closeEvent(event)
        else:
            event.ignore()
