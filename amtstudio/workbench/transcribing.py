"""The engine as the window uses it: imported, loaded and run on a worker thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from amtstudio import session
from amtstudio.audio import AudioInfo, AudioSource
from amtstudio.decoding import (
    Activations,
    DecoderSettings,
    DecodingSettings,
    NoSettings,
    candidates_beyond,
    decode,
    settings_class,
    with_players,
)
from amtstudio.decoding.activations import Probs
from amtstudio.errors import CheckpointError
from amtstudio.models import find_model, list_models, load_card
from amtstudio.profiles import model_while_playing, read_profile
from amtstudio.symbolic import NO_NOTES, NoteTable, Transcription
from amtstudio.symbolic.drums import KIT
from amtstudio.symbolic.heads import PIANO_KEYS, Drums, Head
from amtstudio.workbench.growing import GrowingPyramid
from amtstudio.workbench.scipy_import import import_scipy

if TYPE_CHECKING:
    from amtstudio.engine import BeatTracker, FileTranscriber, Plan, PlannedLive, Transcriber

AUTO, PIANO = "auto", "piano"  # as ``engine.plan`` has them
LIVE_MODELS = (PIANO, "melodic", "drums")  # of those that ship
# The thresholds suggested by the model of this name, if notes come from this source.
Suggest = Callable[[session.Source, str], DecoderSettings]
CANDIDATE_SHARE = 0.5  # of the model's own onset threshold: below it there is mostly noise
_MOST_LOADED = 2  # the model as it ships, and one profile


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """The compute device."""

    model: str
    device: str  # as on the command line, such as cuda:0
    label: str  # for people
    reason: str  # why this one
    n_threads: int


@dataclass(frozen=True, slots=True)
class NewNotes:
    """Notes that became complete during the transcription."""

    notes: NoteTable


@dataclass(frozen=True, slots=True)
class EngineWarning:
    text: str


@dataclass(frozen=True, slots=True)
class FindingBeats:
    """All notes are found, and of the work on their beats this share is done, 0 to 1."""

    share: float


@dataclass(frozen=True, slots=True)
class HeardModel:
    """One model's activations, ready to be shown and decoded again.

    ``model`` is as ``session.Source.models`` names it. ``activations`` are in single precision, for
    decoding them again at once; ``pictures`` holds those of each head as levels to draw, 255 for a
    probability of 1. ``settings`` decoded the notes, ``suggested`` are those that the model itself
    suggests, and ``kept`` is what a project keeps of the activations.
    """

    model: str
    activations: Activations
    pictures: dict[str, GrowingPyramid]
    settings: DecoderSettings
    suggested: DecoderSettings
    kept: session.KeptActivations
    kept_as: str = ""  # in the project that it comes from

    @property
    def heard(self) -> str:
        """The name under which a project keeps it."""
        own = self.kept.name if self.kept.rows else session.Source().heard_of(self.model)
        return self.kept_as or own


@dataclass(frozen=True, slots=True)
class Transcribed:
    """The end of a transcription.

    ``candidates`` are what a lower threshold finds in addition. ``heard`` has the activations of
    each model, and is empty for engines that return notes directly. ``project`` keeps all of it, if
    one was requested and could be created. ``plan`` says which models were chosen, if any were.
    """

    transcription: Transcription
    heard: tuple[HeardModel, ...] = ()
    candidates: NoteTable = NO_NOTES
    project: session.Document | None = None
    plan: Plan | None = None


class Engine:
    """A model on a device, loaded when it is first needed. Importing this imports no torch.

    Attributes
    ----------
    model : str
        The model for new recordings, unless the engine chooses.
    chooses : bool
        Whether models are chosen by the instruments of each new recording. A profile always goes
        with its own model.
    profile : str
        Name of the personal profile with which new recordings are transcribed; "": the shipped
        model.
    first_live : str
        The model that hears a take from its beginning, while the engine chooses.
    """

    def __init__(self, model: str = AUTO, device: str = "auto", *, profile: str = "") -> None:
        self.chooses = model == AUTO
        self.model = PIANO if self.chooses else model
        self.device = device
        self.profile = profile
        # By profile, or by model or ``AUTO``; the last used at the end.
        self._transcribers: dict[tuple[str, str], FileTranscriber] = {}
        self._loading = threading.Lock()
        self._beat_tracker: BeatTracker | None = None
        self.first_live = PIANO

    @property
    def is_loaded(self) -> bool:
        return bool(self._transcribers)

    def set_device(self, device: str) -> None:
        """Compute on another device from the next transcription on."""
        with self._loading:
            self.device = device
            self._transcribers.clear()

    def forget_profile(self, name: str) -> None:
        """A profile of this name was deleted, or is another one now."""
        with self._loading:
            self._transcribers.pop((name, ""), None)

    def settings(self, profile: str | None = None, *, model: str | None = None) -> DecoderSettings:
        """The thresholds of a profile, or of a model's card; else the defaults.

        ``profile`` None: that of new recordings; ``model`` None: that of new recordings, ``AUTO``:
        the one that is assumed until it is chosen. A model that cannot be used says so when it is
        loaded.
        """
        name = self.profile if profile is None else profile
        try:
            found = find_model(PIANO if model == AUTO else model or self.model)
        except CheckpointError:
            # A plug-in has no thresholds; a model that is gone is as good as one.
            return NoSettings()
        try:
            card = load_card(found)
            thresholds, shift = card.thresholds, card.onset_shift_s
            if name:
                found_profile = read_profile(name)
                thresholds = found_profile.thresholds
                shift += found_profile.onset_shift_s
            return settings_class(card.decoder).from_card(thresholds, onset_shift_s=shift)
        except Exception:  # noqa: BLE001 - loading it will fail likewise, where it can be shown
            return DecodingSettings()

    def suggested(self, source: session.Source, model: str) -> DecoderSettings:
        """The thresholds suggested by one of the source's models, if it still exists."""
        found = self.settings(source.profile or "", model=model or None)
        used = source.settings_of(model)
        return found if used is None or used.decoder == found.decoder else used

    def transcriber(
        self,
        profile: str | None = None,
        *,
        model: str | None = None,
        for_instruments: bool = False,
    ) -> FileTranscriber:
        """Load the model where that has not been done; call this on a worker thread.

        ``profile`` None: that of new recordings; ``model`` None: that of new recordings, or
        ``AUTO``; ``for_instruments``: whether the user says which instruments play, which chooses
        the models unless there is a profile. Raises ``CheckpointError`` and ``DeviceError`` as
        ``engine.load_file_transcriber``.
        """
        name = self.profile if profile is None else profile
        asked = AUTO if for_instruments else model or self.choice
        with self._loading:
            key = (name, "" if name else asked)
            found = self._transcribers.pop(key, None) or self._load(*key)
            while len(self._transcribers) >= _MOST_LOADED:
                self._transcribers.pop(next(iter(self._transcribers)))
            self._transcribers[key] = found
            return found

    @property
    def choice(self) -> str:
        """The model for new recordings, or ``AUTO``."""
        return AUTO if self.chooses else self.model

    def choose(self, model: str) -> None:
        """Take another model, or ``AUTO``, for new recordings."""
        self.chooses = model == AUTO
        self.model = PIANO if self.chooses else model

    def _load(self, profile: str, model: str) -> FileTranscriber:
        import_scipy()
        from amtstudio.engine import (  # noqa: PLC0415 - torch takes a second
            PlannedTranscriber,
            load_file_transcriber,
            load_transcriber,
        )

        if model == AUTO:
            return PlannedTranscriber(partial(load_transcriber, device=self.device))
        return load_file_transcriber(model, profile=profile or None, device=self.device)

    def beat_tracker(self) -> BeatTracker | None:
        """The beat tracker; None if its model is not installed.

        Raises ``CheckpointError`` if that cannot be used.
        """
        import_scipy()
        from amtstudio.engine.beat_tracker import DEFAULT_MODEL, BeatTracker  # noqa: PLC0415

        with self._loading:
            if self._beat_tracker is None and DEFAULT_MODEL in list_models():
                self._beat_tracker = BeatTracker.load()
            return self._beat_tracker

    def devices(self) -> list[tuple[str, str]]:
        """The devices besides the CPU: names for the command line, and for people."""
        import_scipy()
        from amtstudio.engine import other_devices  # noqa: PLC0415 - torch takes a second

        return [(str(device), device.label) for device in other_devices()]

    @property
    def plans_live(self) -> bool:
        """Whether the model of a take is chosen while it is played."""
        return self.chooses and not self.profile

    @property
    def live_model(self) -> str:
        """The model that hears a take from its beginning: one that keeps up."""
        if self.plans_live:
            return self.first_live
        return model_while_playing(self.model, self.profile)[0]

    def load_live(
        self, *, sample_rate: int, max_lag_s: float, on_warning: Callable[[str], None]
    ) -> PlannedLive:
        """A stream for a take, with models of its own: it must not wait for another recording.

        ``restore_threads`` undoes what this does to those. Call this on a worker thread; raises as
        ``transcriber``.
        """
        import_scipy()
        from amtstudio.engine import PlannedLive  # noqa: PLC0415 - torch takes a second

        live = PlannedLive(
            self._load_for_live(self.live_model),
            sample_rate=sample_rate,
            max_lag_s=max_lag_s,
            on_warning=on_warning,
        )
        return live.follow_plan(self._load_for_live) if self.plans_live else live

    def _load_for_live(self, model: str) -> Transcriber:
        """It leaves a core to the sound and the window."""
        from amtstudio.computing.threads import usable_cores  # noqa: PLC0415 - as above
        from amtstudio.engine import load_transcriber  # noqa: PLC0415 - as above

        model, profile = model_while_playing(model, self.profile)
        return load_transcriber(
            model,
            profile=profile or None,
            device=self.device,
            n_threads=max(1, usable_cores() - 1),
        )

    def restore_threads(self) -> None:
        """Let models loaded from now on use all cores again."""
        from amtstudio.computing.threads import set_thread_count  # noqa: PLC0415 - as above

        set_thread_count()

    def info(self, transcriber: FileTranscriber | None = None) -> EngineInfo:
        transcriber = transcriber or self.transcriber()
        device, name, n_threads = transcriber.device, transcriber.name, transcriber.n_threads
        if isinstance(device, str):  # a program of others, which chooses by itself
            return EngineInfo(name, device, device, "", n_threads)
        return EngineInfo(name, str(device), device.label, device.reason, n_threads)


def transcribe_for_window(
    engine: Engine,
    source: Path | AudioSource,
    *,
    start: float = 0.0,
    end: float | None = None,
    settings: DecoderSettings,
    profile: str | None = None,
    model: str | None = None,
    changes: Mapping[str, float] = MappingProxyType({}),
    instruments: Sequence[str] = (),
    on_progress: Callable[[float, float | None], None],
    on_part: Callable[[object], None],
    is_cancelled: Callable[[], bool],
) -> Transcribed:
    """Transcribe, handing on ``EngineInfo``, ``NewNotes`` and ``EngineWarning`` as parts.

    ``profile`` and ``model`` are as for ``Engine.transcriber``; ``changes`` are thresholds for
    models that are chosen, in place of ``settings``, each for those who know it; ``instruments``
    are those that the user names, which choose the models unless there is a profile. Raises what
    ``transcriber`` and ``Transcriber.transcribe_file`` raise.
    """
    asked = AUTO if instruments else model or engine.choice
    transcriber = engine.transcriber(profile, model=asked)
    on_part(engine.info(transcriber))
    from amtstudio.engine import PlannedTranscriber  # noqa: PLC0415 - torch is there by now

    plans: list[Plan] = []
    if isinstance(transcriber, PlannedTranscriber):
        transcriber.changes = dict(changes)
        transcriber.instruments = tuple(instruments)
        transcriber.on_plan = plans.append
    result = transcriber.transcribe_file(
        source,
        start=start,
        end=end,
        settings=settings,
        on_progress=on_progress,
        on_notes=lambda notes: on_part(NewNotes(notes)),
        is_cancelled=is_cancelled,
        on_warning=lambda text: on_part(EngineWarning(text)),
        keep_activations=True,
    )
    on_part(engine.info(transcriber))  # where memory ran out, the device is another by now
    plan = plans[-1] if plans else None
    transcription = replace(result.transcription, asked_model=asked)
    names = session.models_in(transcription.model)
    parts = [
        (name, part, part.activations)
        for name, part in zip(names, result.parts, strict=False)
        if part.activations is not None
    ]
    if not parts:  # notes are all that there is
        return Transcribed(transcription, plan=plan)
    players = None if plan is None else plan.players
    notes, candidates, heard = [], [], []
    for name, part, activations in parts:
        suggested = engine.settings(profile, model=asked if plan is None else name)
        found = HeardModel(
            name,
            activations.in_single_precision(),
            {},
            part.settings or settings,
            suggested,
            session.KeptActivations.of(activations, start=start, end=end),
        )
        found.pictures.update(pictures_of(found.activations))
        # As a moved threshold decodes them.
        its_notes = part.decoded
        if players is not None:
            its_notes = with_players(its_notes, players)
        low_notes, _ = decode(found.activations, found.settings.lowered(suggested, CANDIDATE_SHARE))
        notes.append(its_notes)
        candidates.append(candidates_beyond(low_notes, its_notes))
        heard.append(found)
    return Transcribed(
        replace(transcription, notes=NO_NOTES.joined(*notes).in_order()),
        tuple(heard),
        NO_NOTES.joined(*candidates),
        plan=plan,
    )


def with_beats(
    engine: Engine,
    transcribed: Transcribed,
    *,
    on_part: Callable[[object], None],
    is_cancelled: Callable[[], bool],
) -> Transcribed:
    """With the beats of the notes, where they are certain; takes some two seconds for ten minutes.

    Hands on ``FindingBeats`` as parts.

    Raises ``Cancelled``.
    """
    tracker = engine.beat_tracker()
    if tracker is None:
        return transcribed
    found = tracker.track(
        transcribed.transcription.notes,
        on_progress=lambda share: on_part(FindingBeats(share)),
        is_cancelled=is_cancelled,
    )
    if found is None or not found.is_sure:
        return transcribed
    return replace(transcribed, transcription=replace(transcribed.transcription, tempo=found.tempo))


def make_project(
    path: Path,
    transcribed: Transcribed,
    *,
    info: AudioInfo | None = None,
    within: tuple[float, float] | None = None,
) -> session.Document:
    """Put a transcription into a new project, which is kept from now on.

    ``info`` is what is known of the recording, which is opened otherwise.

    Raises ``CannotCreateOutputError`` or ``OutputWriteError`` if it cannot be written, and what
    ``AudioReference.read`` raises.
    """
    project = session.Document.create(session.AudioReference.read(path, info=info))
    try:
        project.replace_transcription(
            transcribed.transcription,
            candidates=transcribed.candidates,
            settings={heard.model: heard.settings for heard in transcribed.heard},
            within=within,
            activations={heard.model: heard.kept for heard in transcribed.heard},
        )
    except BaseException:
        project.discard()
        raise
    return project


@dataclass(frozen=True, slots=True)
class Recalled:
    """The activations a project has kept, of at least one model; and of which stretch."""

    heard: tuple[HeardModel, ...]
    start: float
    end: float | None


def recall(project: session.Document, suggest: Suggest) -> Recalled | None:
    """As ``recall_kept``, of all that a project has kept."""
    return recall_kept(project.activations, project.source, suggest)


def recall_kept(
    activations: Mapping[str, session.KeptActivations], source: session.Source, suggest: Suggest
) -> Recalled | None:
    """Unpack activations, by model name; None if nothing can be read.

    ``suggest`` returns the thresholds of a model. Takes a fifth of a second per model for ten
    minutes, so call it on a worker thread.
    """
    heard = []
    for model, kept in activations.items():
        unpacked = kept.unpack()
        if unpacked is None:
            continue
        suggested = suggest(source, model)
        settings = source.settings_of(model) or suggested
        if settings.decoder == unpacked.decoder:  # or nothing of it could be decoded
            pictures = pictures_of(unpacked)
            name = source.heard_of(model)
            heard.append(HeardModel(model, unpacked, pictures, settings, suggested, kept, name))
    if not heard:
        return None
    return Recalled(tuple(heard), heard[0].kept.start, heard[0].kept.end)


def pictures_of(activations: Activations) -> dict[str, GrowingPyramid]:
    """Those of the heads that can be shown, by their names.

    On the keys of the view, or on the rows of its drums (``KIT``) for heads of drums.
    """
    return {
        head.name: as_picture(_in_view(head, activations[head.name]))
        for head in activations.pictured
    }


def _in_view(head: Head, probs: Probs) -> Probs:
    """The columns of a head at the keys of the view, or the rows of its drums."""
    rows = KIT if isinstance(head.axis, Drums) else PIANO_KEYS
    if head.axis is None or head.axis == rows:
        return probs
    shown = np.zeros((len(probs), len(rows)), dtype=probs.dtype)
    for column, pitch in enumerate(head.axis.pitches):
        if pitch in rows.pitches:
            shown[:, rows.pitches.index(pitch)] = probs[:, column]
    return shown


def as_picture(probs: Probs) -> GrowingPyramid:
    """Probabilities, shape (n_frames, n_pitches), as levels from 0 to 255."""
    picture = GrowingPyramid(probs.shape[1])
    picture.append(np.rint(probs * 255.0).astype(np.uint8))
    return picture
