"""Loads the model of the engine ahead of the first recording."""

from __future__ import annotations

from PySide6.QtCore import QObject

from amtstudio.ui.calls import without_arguments
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.transcribe.device_badge import DeviceBadge
from amtstudio.workbench.transcribing import Engine, EngineInfo


class ModelLoader(QObject):
    """Loads the model on a thread, and shows the result on the badge."""

    def __init__(
        self, engine: Engine, pool: JobPool, badge: DeviceBadge, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._pool = pool
        self._badge = badge
        self._warm_up: Job | None = None

    def load(self) -> None:
        self._warm_up = Job(without_arguments(self._engine.info))  # imports torch
        self._warm_up.signals.finished.connect(self._take)
        self._warm_up.signals.failed.connect(self._miss)
        self._pool.start(self._warm_up)

    def load_anew(self) -> None:
        """After another device was chosen."""
        self._badge.set_loading()
        self.load()

    def _take(self, info: EngineInfo) -> None:
        if self._is_latest():
            self._badge.set_info(info)

    def _miss(self, error: Exception) -> None:
        if self._is_latest():
            self._badge.set_error(error)

    def _is_latest(self) -> bool:
        # Results for a previously chosen device are ignored.
        return self._warm_up is not None and self.sender() is self._warm_up.signals
