"""Offers the profile for the instrument of the recording that is shown, or none at all."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from amtstudio.profiles import Profile
from amtstudio.profiles.fitting import fitting_profile, heard_instruments, is_misfit
from amtstudio.ui.adaptation.profile_list import AS_SHIPPED
from amtstudio.ui.adaptation.profiles_controller import ProfilesController
from amtstudio.ui.document import Document
from amtstudio.ui.instrument_names import instrument_name
from amtstudio.ui.queue import QueueItem
from amtstudio.ui.shell import Shell


class ProfileOffer(QObject):
    """A banner; what is declined is not offered again before the next start."""

    def __init__(self, window: Shell, profiles: ProfilesController) -> None:
        super().__init__(window)
        self._window, self._profiles = window, profiles
        self._item: QueueItem | None = None
        self._offered: Profile | None = None
        self._misfit: Profile | None = None  # that was used, for another instrument
        self._declined: set[str] = set()  # names of profiles not to offer
        self._kept: set[str] = set()  # nor to advise against
        self.banner = window.banner(self.tr("A profile for this recording"))
        self.banner.closed.connect(self._decline)
        window.item_shown.connect(self._show_item)
        profiles.changed.connect(self.refresh)

    def _show_item(self, item: QueueItem | None) -> None:
        if self._item is not None:
            for signal in (
                self._item.document.instruments_changed,
                self._item.document.activations_changed,
            ):
                signal.disconnect(self.refresh)
        self._item = item
        if item is not None:
            item.document.instruments_changed.connect(self.refresh)
            item.document.activations_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Offer what fits now, or nothing."""
        document = None if self._item is None else self._item.document
        self._misfit = self._offered = None
        if document is not None and document.is_transcribed and document.instruments is not None:
            heard = heard_instruments([document.instruments])
            self._misfit = self._unfit(document, heard)
            self._offered = self._fitting(document, heard)
        if self._offered is None:
            self._offer_none()
            return
        names = ", ".join(instrument_name(name) for name in self._offered.instruments)
        self.banner.show_text(
            self.tr(
                "Your profile “{name}” was made for this: {instruments}. Transcribe the recording"
                " again with it? Your edits are kept."
            ).format(name=self._offered.name, instruments=names),
            [(self.tr("Transcribe With It"), self._use)],
        )

    def _offer_none(self) -> None:
        misfit = self._misfit
        if misfit is None or misfit.name in self._kept:
            self.banner.hide()
            return
        names = ", ".join(instrument_name(name) for name in misfit.instruments)
        self.banner.show_text(
            self.tr(
                "Your profile “{name}” was made for something else: {instruments}. Notes may be"
                " less accurate here. Transcribe the recording again without it? Your edits are"
                " kept."
            ).format(name=misfit.name, instruments=names),
            [(self.tr("Transcribe Without It"), self._use_none)],
        )

    def _unfit(self, document: Document, heard: Sequence[str]) -> Profile | None:
        """The profile that was used for a recording of something else."""
        used = self._profiles.view.profile(document.profile)
        return used if used is not None and is_misfit(used, heard) else None

    def _fitting(self, document: Document, heard: Sequence[str]) -> Profile | None:
        uses_one = self._window.preferences.settings.profile != AS_SHIPPED
        if self._misfit is None and (uses_one or document.profile != AS_SHIPPED):
            return None
        view = self._profiles.view
        known = [found for name in view.names if (found := view.profile(name)) is not None]
        return fitting_profile([one for one in known if one.name not in self._declined], heard)

    def _use(self) -> None:
        if self._offered is not None:
            self.banner.hide()
            self._profiles.use_for_shown(self._offered.name)

    def _use_none(self) -> None:
        if self._misfit is not None and self._item is not None:
            self.banner.hide()
            self._window.transcription_wanted.emit(self._item, AS_SHIPPED)
            self._profiles.show_uses()

    def _decline(self) -> None:
        if self._offered is not None:
            self._declined.add(self._offered.name)
        elif self._misfit is not None:
            self._kept.add(self._misfit.name)
