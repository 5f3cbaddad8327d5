"""A run's results in English sentences; the window shows them translated."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from amtstudio.learning.report import Code, Reason

Translate = Callable[[str], str]


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802 - Qt's tools look for it
    return text


_OUT_OF_A_HUNDRED = {
    *(Code.GUARD_FELL, Code.KINDRED_FELL, Code.LESS_STEADY, Code.FARTHER_FROM_TEACHER),
    *(Code.CORRECTED_FELL, Code.ENDS_FELL, Code.LOUDNESS_FELL),
    *(Code.STEADIER, Code.CLOSER_TO_TEACHER, Code.CORRECTED_ROSE, Code.ENDS_ROSE),
    *(Code.BETTER_LOUDNESS, Code.BETTER_LENGTHS),
    *(Code.TAGS_ROSE, Code.TAGS_SAME, Code.MIXTURES_FELL),
}

_SENTENCES = {
    Code.GUARD_FELL: QT_TRANSLATE_NOOP(
        "Adaptation",
        "On other recordings it would find fewer notes: {before:.1f} before, {after:.1f} after.",
    ),
    Code.KINDRED_FELL: QT_TRANSLATE_NOOP(
        "Adaptation",
        "On artificial recordings of instruments like yours it would find fewer notes:"
        " {before:.1f} before, {after:.1f} after.",
    ),
    Code.LESS_STEADY: QT_TRANSLATE_NOOP(
        "Adaptation",
        "Results would vary more between altered copies of the same recording:"
        " {before:.1f} before, {after:.1f} after.",
    ),
    Code.FARTHER_FROM_TEACHER: QT_TRANSLATE_NOOP(
        "Adaptation",
        "It would agree less with the teacher that it learned from:"
        " {before:.1f} before, {after:.1f} after.",
    ),
    Code.FEWER_STRUCK: QT_TRANSLATE_NOOP(
        "Adaptation",
        "It would find fewer struck notes, or more wrong ones:"
        " {before:.2f} more right than wrong per second before, {after:.2f} after.",
    ),
    Code.NOTE_RATE: QT_TRANSLATE_NOOP(
        "Adaptation", "It would find {times:.2f} times as many notes."
    ),
    Code.POLYPHONY: QT_TRANSLATE_NOOP(
        "Adaptation", "It would find {times:.2f} times as many simultaneous notes."
    ),
    Code.CORRECTED_FELL: QT_TRANSLATE_NOOP(
        "Adaptation",
        "It would do worse where the notes are known, from you or from a score:"
        " {before:.1f} before, {after:.1f} after.",
    ),
    Code.ENDS_FELL: QT_TRANSLATE_NOOP(
        "Adaptation",
        "Where the notes are known, fewer of them would both start and end correctly: {before:.1f}"
        " before, {after:.1f} after.",
    ),
    Code.LOUDNESS_FELL: QT_TRANSLATE_NOOP(
        "Adaptation",
        "Where the loudness of the notes is known, fewer of them would come out"
        " about as loud: {before:.1f} % before, {after:.1f} % after.",
    ),
    Code.STEADIER: QT_TRANSLATE_NOOP(
        "Adaptation", "Steadier: {before:.1f} before, {after:.1f} after."
    ),
    Code.CLOSER_TO_TEACHER: QT_TRANSLATE_NOOP(
        "Adaptation", "Closer to its teacher: {before:.1f} before, {after:.1f} after."
    ),
    Code.CORRECTED_ROSE: QT_TRANSLATE_NOOP(
        "Adaptation",
        "Better where the notes are known, in parts it did not learn from:"
        " {before:.1f} before, {after:.1f} after.",
    ),
    Code.ENDS_ROSE: QT_TRANSLATE_NOOP(
        "Adaptation",
        "More of the known notes both start and end correctly: {before:.1f} before,"
        " {after:.1f} after.",
    ),
    Code.NOTHING_GAINED: QT_TRANSLATE_NOOP(
        "Adaptation", "No improvement found. Your model is unchanged."
    ),
    Code.NOTES_UNCHANGED: QT_TRANSLATE_NOOP(
        "Adaptation", "It finds the same notes as before; what changes is how they are written."
    ),
    Code.BETTER_TIMING: QT_TRANSLATE_NOOP(
        "Adaptation",
        "Timing: notes were {before:.0f} ms off on average; now they are {after:.0f} ms off.",
    ),
    Code.BETTER_LOUDNESS: QT_TRANSLATE_NOOP(
        "Adaptation",
        "Loudness: {before:.0f} % of notes were about as loud as played; now {after:.0f} % are.",
    ),
    Code.BETTER_LENGTHS: QT_TRANSLATE_NOOP(
        "Adaptation",
        "Lengths: {before:.0f} % of notes ended when they should; now {after:.0f} % do.",
    ),
    Code.HARDLY_ANY_NOTES: QT_TRANSLATE_NOOP(
        "Adaptation", "These recordings contain hardly any notes."
    ),
    Code.NOT_STRUCK: QT_TRANSLATE_NOOP(
        "Adaptation", "Most of the notes found in these recordings were not struck."
    ),
    Code.TOO_UNCERTAIN: QT_TRANSLATE_NOOP(
        "Adaptation",
        "The notes of these recordings are too uncertain to learn from: another instrument, or too"
        " much noise.",
    ),
    Code.OTHER_INSTRUMENT: QT_TRANSLATE_NOOP(
        "Adaptation",
        "These recordings seem to be mostly of an instrument that this model was not"
        " made for: {names}.",
    ),
    Code.ONE_RECORDING: QT_TRANSLATE_NOOP(
        "Adaptation",
        "The weights were not changed: there is only one recording, and {after:.0f} are needed.",
    ),
    Code.FEW_RECORDINGS: QT_TRANSLATE_NOOP(
        "Adaptation",
        "The weights were not changed: there are {before:.0f} recordings, and"
        " {after:.0f} are needed.",
    ),
    Code.FEW_SECONDS: QT_TRANSLATE_NOOP(
        "Adaptation",
        "The weights were not changed: there are {before:.0f} s of recordings,"
        " and {after:.0f} s are needed.",
    ),
    Code.TAGS_ROSE: QT_TRANSLATE_NOOP(
        "Adaptation",
        "Where you marked instruments, in parts it did not learn from, it now agrees with you"
        " {after:.0f} % of the time; before, {before:.0f} %.",
    ),
    Code.TAGS_SAME: QT_TRANSLATE_NOOP(
        "Adaptation",
        "Where you marked instruments, in parts it did not learn from, it would agree with you"
        " {after:.0f} % of the time; now it does {before:.0f} %.",
    ),
    Code.TAGS_FELL: QT_TRANSLATE_NOOP(
        "Adaptation",
        "In {before:.0f} of {after:.0f} marked passages that it did not learn from, it would be"
        " wrong more often than now.",
    ),
    Code.MIXTURES_FELL: QT_TRANSLATE_NOOP(
        "Adaptation",
        "It would recognize instruments less well in other music: {before:.1f} before,"
        " {after:.1f} after.",
    ),
    Code.FEW_TAGS: QT_TRANSLATE_NOOP(
        "Adaptation",
        "Passages with marked instruments: {before:.0f}; at least {after:.0f} are needed. To mark"
        " one, right-click an instrument above the notes: Is Heard Here, Is Not Heard Here.",
    ),
}

_OF_ONE = {
    Code.HARDLY_ANY_NOTES: QT_TRANSLATE_NOOP(
        "Adaptation", "This recording contains hardly any notes."
    ),
    Code.NOT_STRUCK: QT_TRANSLATE_NOOP(
        "Adaptation", "Most of the notes found in this recording were not struck."
    ),
    Code.TOO_UNCERTAIN: QT_TRANSLATE_NOOP(
        "Adaptation",
        "The notes of this recording are too uncertain to learn from: another instrument, or too"
        " much noise.",
    ),
    Code.OTHER_INSTRUMENT: QT_TRANSLATE_NOOP(
        "Adaptation",
        "This recording seems to be mostly of an instrument that this model was not made"
        " for: {names}.",
    ),
}


def sentence(
    reason: Reason,
    translate: Translate = str,
    *,
    of_one: bool = False,
    name_of: Translate = lambda name: name.replace("_", " "),
) -> str:
    """The sentence for a reason.

    Parameters
    ----------
    reason : Reason
    translate : callable, optional
        From the English sentence, with its placeholders, to the user's language.
    of_one : bool
        Whether it is about one recording rather than all recordings of a run.
    name_of : callable, optional
        From a class of the instrument detector to its name.
    """
    text = (_OF_ONE if of_one else {}).get(reason.code) or _SENTENCES[reason.code]
    scale = 100.0 if reason.code in _OUT_OF_A_HUNDRED else 1.0
    return translate(text).format(
        before=scale * reason.before,
        after=scale * reason.after,
        times=reason.after / max(reason.before, 1e-6),
        names=", ".join(map(name_of, reason.names)),
    )


def sentences(reasons: Sequence[Reason], translate: Translate = str) -> str:
    return " ".join(sentence(reason, translate) for reason in reasons)
