"""Which device computes, and why: always in sight."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QToolButton, QWidget

from amtstudio.ui.failure import describe
from amtstudio.ui.model_names import model_name
from amtstudio.ui.plurals import counted
from amtstudio.ui.translation import translated_message
from amtstudio.workbench.transcribing import EngineInfo


class DeviceBadge(QToolButton):
    """A click shows the reason."""

    failed = Signal(Exception)  # on a click: what is wrong
    reason_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._reason = ""
        self._error: Exception | None = None
        self.set_loading()
        self.clicked.connect(self._tell)

    def set_loading(self) -> None:
        self._error = None
        self._show(
            self.tr("Loading the model…"),
            self.tr("The model is loading; you can already open recordings."),
        )

    def set_info(self, info: EngineInfo) -> None:
        self._error = None
        threads = counted(info.n_threads, "%n thread", "%n threads")
        model = model_name(info.model)
        where = f"{info.label}, {threads}" if info.device == "cpu" else info.label
        self._show(
            f"{where} · {model}",
            self.tr("Computes on {device}: {reason}. Model: {model}.").format(
                device=info.label, reason=translated_message(info.reason), model=model
            ),
        )

    def set_error(self, error: Exception) -> None:
        self._error = error
        failure = describe(error, subject="model")
        self._show(self.tr("No model"), failure.sentences)

    @property
    def reason(self) -> str:
        return self._reason

    def _show(self, text: str, reason: str) -> None:
        self._reason = reason
        self.setText(text)
        self.setToolTip(reason)
        self.setAccessibleName(self.tr("Device: {text}").format(text=text))
        self.setAccessibleDescription(reason)
        self.reason_changed.emit(reason)

    def _tell(self) -> None:
        if self._error is not None:
            self.failed.emit(self._error)
            return
        QMessageBox.information(self.window(), self.tr("Device"), self._reason)
