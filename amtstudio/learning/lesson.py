"""The learning of the weights: what a teacher says, the training, and thresholds after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from amtstudio.engine import choose_device
from amtstudio.learning.altered_views import AS_RECORDED, Alteration
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.control import RunControl
from amtstudio.learning.drums.thresholds import KnownHits, retuned_drum_thresholds
from amtstudio.learning.events import Labelling, Learning, Thresholds
from amtstudio.learning.hearing import Heard, hear
from amtstudio.learning.label_tracks import (
    LabelTracks,
    load_tracks,
    save_tracks,
    tracks_of,
    with_corrections,
    without,
)
from amtstudio.learning.material import N_FRAMES, AdaptationMaterial, Labelled
from amtstudio.learning.opinion import Trust
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.rehearsal import clips_for, rehearsed_excerpts
from amtstudio.learning.replay import Excerpt
from amtstudio.learning.request import Request
from amtstudio.learning.split import Split
from amtstudio.learning.teacher_choice import choose_teacher
from amtstudio.learning.teachers import MovingAverageTeacher, Teacher
from amtstudio.learning.thresholds import (
    KnownNotes,
    frame_share,
    matched_frame_threshold,
    matched_onset_threshold,
    matched_velocity_curve,
    repeat_share,
    retuned_onset_threshold,
    retuned_repeat_threshold,
)
from amtstudio.learning.trainer import StepReport, Trainer, TrainerSettings
from amtstudio.symbolic import Note, NoteTable
from amtstudio.symbolic.heads import Axis

THRESHOLD_PIECES = 4
_LISTENED_S = 60  # of each recording that judges
# Clips of each kind in a batch, frames of a clip, and the learning rate. Of pitches, which have 31
# frames a second, a processor does four steps with the few in the time of one with the many, and
# what is learned grows with the steps; with half as many clips, at half the rate.
_MANY, _FEW = (4, N_FRAMES, 6e-4), (2, N_FRAMES // 2, 3e-4)
_OWN_SHARE = 0.4  # of the loss, of the user's clips of pitches: with more, much is forgotten

# Ones to zeros in music at 32 ms to a frame, from sparse to dense; onsets count once each.
PROPORTIONS = {"onset": (0.0005, 0.008), "frame": (0.008, 0.12)}
DRUM_PROPORTIONS = {"onset": (0.002, 0.03)}  # at 10 ms to a frame, over ten drums


@dataclass(frozen=True, slots=True)
class Lesson:
    """The result of a model's training on the recordings.

    Attributes
    ----------
    former, student : Candidate
        Before and after.
    split : Split
        The recordings at the rate at which ``former`` reads them.
    tracks : dict of LabelTracks
        By recording (its SHA-256), what the teacher and the user say about it.
    teacher : Teacher or None
        None: the student's own moving average.
    minutes : float
        Of training.
    rehearsed : sequence of Excerpt
        Labelled music by which thresholds are chosen.
    listened : sequence of UserRecording
        The recordings by which they are chosen as well; none for drums.
    before : dict of Heard
        What ``former`` makes of these, by their SHA-256.
    """

    former: Candidate
    student: Candidate
    split: Split
    tracks: Mapping[str, LabelTracks]
    teacher: Teacher | None
    minutes: float
    rehearsed: Sequence[Excerpt]
    listened: Sequence[UserRecording]
    before: Mapping[str, Heard]

    @property
    def references(self) -> dict[str, tuple[Note, ...]]:
        """The labels of a teacher that is known to be better, on the recordings that judge."""
        if self.teacher is None or not self.teacher.is_better:
            return {}
        return {entry.sha256: self.tracks[entry.sha256].notes for entry in self.split.accept}


def learn(
    former: Candidate,
    split: Split,
    request: Request,
    control: RunControl,
    *,
    instruments: Sequence[str] = (),
    alteration: Alteration = AS_RECORDED,
) -> Lesson:
    """Train a copy of a model; continues where a stopped run has left its state.

    ``instruments``: those found in the recordings, for ``clips_for``. ``alteration``: of the clips
    of the recordings, as the student hears them.

    Raises
    ------
    CheckpointError
        If the teacher cannot be used.
    Cancelled
    """
    teacher = choose_teacher(request.teacher, former)
    tracks = _labels(teacher, split, control, former.model.axis, request.trust)
    student = former.copied()
    minutes = _train(
        student,
        split,
        tracks,
        request,
        control,
        has_teacher=teacher is not None,
        instruments=instruments,
        alteration=alteration,
    )
    listened = [] if student.model.plays_drums else _listened_to(split, former)
    return Lesson(
        former,
        student,
        split,
        tracks,
        teacher,
        minutes,
        rehearsed=rehearsed_excerpts(student.model, THRESHOLD_PIECES),
        listened=listened,
        before=_by_hash(listened, _heard(former, listened, control)),
    )


def _listened_to(split: Split, candidate: Candidate) -> list[UserRecording]:
    """Those that set thresholds, each once."""
    # False repeats show up where nothing was learned from, so use the judging recordings, too.
    n_samples = _LISTENED_S * candidate.heard_grid.sample_rate
    beginnings = [replace(entry, audio=entry.audio[:n_samples]) for entry in split.accept]
    with_known = [entry for entry in split.everything if split.teaching(entry)]
    return list({e.sha256: e for e in (*beginnings, *split.tune, *with_known)}.values())


def part_of_the_way(lesson: Lesson, way: float, control: RunControl) -> Candidate:
    """The model between before (0) and after (1), with thresholds chosen for it."""
    control.tell(Thresholds())
    split, before = lesson.split, lesson.before
    candidate = lesson.former.towards(lesson.student, way)
    in_tune = candidate.transcriber(in_tune=True)
    labelled = [
        (hear(in_tune, piece.audio, is_cancelled=control.is_cancelled), piece.truth.notes)
        for piece in lesson.rehearsed
    ]
    if candidate.model.plays_drums:
        return candidate.with_threshold(**_of_drums(lesson, candidate, labelled, control))
    heard = _by_hash(lesson.listened, _heard(candidate, lesson.listened, control))
    known = {
        entry.sha256: KnownNotes(
            heard[entry.sha256], split.teaching(entry), candidate.onset_tolerance
        )
        for entry in split.everything
        if split.teaching(entry)
    }
    thresholds = candidate.card.thresholds
    onset = thresholds["onset"]
    if lesson.teacher is not None and lesson.teacher.is_better:
        taught = [
            (heard[entry.sha256], lesson.tracks[entry.sha256].notes)
            for entry in split.tune
            if entry.sha256 in lesson.tracks
        ]
        # In seconds that were learned from, it finds all notes, and is sure even of faint ones.
        apart = [known[entry.sha256] for entry in split.tune if entry.sha256 in known]
        onset = retuned_onset_threshold(labelled, taught, onset, apart)
    else:
        # A few known notes that were not learned from say less than the number of all.
        unlearned = [
            entry.sha256 for entry in (*split.accept, *split.tune) if not split.teaching(entry)
        ]
        n_notes = sum(len(before[name].notes()) for name in unlearned)
        onset = matched_onset_threshold(
            labelled,
            [heard[name] for name in unlearned],
            n_notes,
            onset,
            is_known=split.judges_apart,
        )
    tune = [entry.sha256 for entry in split.tune]
    share = frame_share([before[name] for name in tune], thresholds["frame"])
    frame = matched_frame_threshold([heard[name] for name in tune], share, thresholds["frame"])
    candidate = candidate.with_threshold(onset=onset, frame=frame)
    found = [entry.notes() for entry in before.values()]
    now = {"onset": onset, "frame": frame}
    again = retuned_repeat_threshold(
        [entry.at(**now) for entry in heard.values()],
        max(repeat_share(found), repeat_share(_with_ends(split))),
        [replace(entry, heard=entry.heard.at(**now)) for entry in known.values()],
    )
    if again is not None:
        candidate = candidate.with_threshold(repeat_threshold=again)
    # What is known of loudness sets another curve, if there is enough of it (``calibrate``).
    curve = matched_velocity_curve(
        [(before[name], entry.at(**now)) for name, entry in heard.items()],
        onset_tolerance=candidate.onset_tolerance,
    )
    return candidate if curve is None else candidate.with_velocity_curve(curve)


def _by_hash(recordings: Sequence[UserRecording], heard: Sequence[Heard]) -> dict[str, Heard]:
    return {entry.sha256: part for entry, part in zip(recordings, heard, strict=True)}


def _with_ends(split: Split) -> list[NoteTable]:
    """The notes of each passage where the ends are known as well."""
    return [
        NoteTable.of(passage.notes)
        for entry in split.everything
        for passage in split.teaching(entry)
        if passage.knows != "onsets"
    ]


def _of_drums(
    lesson: Lesson,
    candidate: Candidate,
    labelled: Sequence[tuple[Heard, Sequence[Note]]],
    control: RunControl,
) -> dict[str, float]:
    """Thresholds by drum: from rehearsed clips, from the teacher, and from known notes."""
    split = lesson.split
    taught = [
        (heard, lesson.tracks[entry.sha256].notes)
        for heard, entry in zip(_heard(candidate, split.tune, control), split.tune, strict=True)
        if entry.sha256 in lesson.tracks
    ]
    with_known = [entry for entry in split.everything if entry.passages]
    known = [
        KnownHits(heard, split.teaching(entry))
        for heard, entry in zip(_heard(candidate, with_known, control), with_known, strict=True)
    ]
    return retuned_drum_thresholds(labelled, taught, known, candidate.card.thresholds)


def _labels(
    teacher: Teacher | None,
    split: Split,
    control: RunControl,
    axis: Axis,
    trust: Trust | None,
) -> dict[str, LabelTracks]:
    """The teacher's labels for each recording, overridden by the user's."""
    if teacher is None:
        return {}
    # Recordings that judge are labelled only where agreeing with the teacher proves something.
    wanted = [
        entry for entry in split.everything if teacher.is_better or split.role(entry) != "accept"
    ]
    tracks = {}
    for number, entry in enumerate(wanted):
        control.tell(Labelling(done=number, total=len(wanted)))
        # Said already in the run that is taken up again?
        path = control.folder / f"labels-{entry.sha256[:16]}-{entry.grid.sample_rate}.npz"
        if path.is_file():
            labels = load_tracks(path)
        else:
            opinion = teacher.opinion(entry, is_cancelled=control.is_cancelled)
            opinion = opinion if trust is None else replace(opinion, trust=trust)
            labels = tracks_of(opinion, entry, axis)
            save_tracks(path, labels)
        labels = with_corrections(labels, entry.corrections, entry.grid, axis)
        judging = [(passage.start, passage.end) for passage in split.judging(entry)]
        tracks[entry.sha256] = without(labels, judging, entry.grid)
    return tracks


def _train(
    student: Candidate,
    split: Split,
    tracks: Mapping[str, LabelTracks],
    request: Request,
    control: RunControl,
    *,
    has_teacher: bool,
    instruments: Sequence[str],
    alteration: Alteration,
) -> float:
    """Train the student in place; the minutes that it took."""
    model = student.model
    device = choose_device(request.device)
    on_cpu = device.torch_device.type == "cpu"
    n_clips, n_frames, learning_rate = _FEW if on_cpu and not model.plays_drums else _MANY
    material = AdaptationMaterial(
        clips_for(model, instruments, grid=student.grid, n_frames=n_frames, seed=5),
        [Labelled(entry, tracks.get(entry.sha256)) for entry in split.adapt],
        [Labelled(entry, tracks.get(entry.sha256)) for entry in split.tune],
        margin=model.margin,
        n_frames=n_frames,
        clips=n_clips,
        alteration=alteration,
    )
    online = None
    if not has_teacher:
        own = student.copied().model.to(device.torch_device)
        usual = DRUM_PROPORTIONS if model.plays_drums else PROPORTIONS
        online = MovingAverageTeacher(own, usual)
    clock = control.learning_clock(computes_here=on_cpu)
    trainer = Trainer(
        model,
        device,
        material,
        TrainerSettings(
            minutes=request.minutes,
            learning_rate=learning_rate,
            share=0.5 if model.plays_drums else _OWN_SHARE,
        ),
        control.folder,
        teacher=online,
        former=None if model.plays_drums else student.copied().model,
        clock=clock,
    )

    def tell(step: StepReport) -> None:
        control.tell(
            Learning(
                step=step.step,
                fraction=round(step.fraction, 4),
                minutes_left=round(request.minutes * (1 - step.fraction) * clock.slowness, 2),
                loss=round(step.loss, 5),
                check=None if step.check is None else round(step.check, 5),
                agreement=None if step.agreement is None else round(step.agreement, 4),
            )
        )

    trainer.train(is_cancelled=control.is_cancelled, on_step=tell)
    model.cpu()
    return trainer.progress.wall_hours * 60


def _heard(
    candidate: Candidate, recordings: Sequence[UserRecording], control: RunControl
) -> list[Heard]:
    transcriber = candidate.transcriber()
    stop = control.is_cancelled
    return [hear(transcriber, entry.audio, is_cancelled=stop) for entry in recordings]
