"""The interface that engine and training expect of every note-transcription network."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import ClassVar

from torch import Tensor

from amtstudio.decoding.activations import NOTES
from amtstudio.models.audio_model import AudioModel
from amtstudio.symbolic.heads import NOTE_HEADS, Axis, Drums, Head


class TranscriptionModel(AudioModel):
    """A network from audio to the logits of its heads.

    A subclass declares its outputs (``heads``), which decoder turns them into notes (``decoder``),
    and which instruments it was made for (``plays``); everything else follows from these.

    Frame ``i`` is centred on sample ``i * grid.hop_length``. To get frames ``a`` to ``b - 1`` of a
    recording, pass its samples ``a * hop - margin`` to ``(b - 1) * hop + margin`` (exclusive), with
    zeros outside the recording, and cut off ``context`` frames at each side that is not an end of
    the recording.
    """

    context: int  # frames at a cut that differ from those of the uncut recording
    uses_level: ClassVar[bool] = False  # whether forward() reads ``level``
    heads: tuple[Head, ...] = NOTE_HEADS
    decoder: ClassVar[str] = NOTES  # a name of ``decoding.register_decoder``
    plays: ClassVar[tuple[str, ...]] = ("piano",)
    dereverberates: bool = False  # whether late echo is removed from whole recordings
    # Seconds after a frame that ``forward_live`` needs; None: it has no end, and the newest frames
    # are those of a recording that is cut off there.
    live_look_ahead: float | None = None

    @abstractmethod
    def forward(self, audio: Tensor, level: Tensor | None = None) -> dict[str, Tensor]:
        """Compute logits.

        Parameters
        ----------
        audio : Tensor, shape (batch, (n_frames - 1) * hop_length + 2 * margin)
            Mono samples at ``grid.sample_rate``, full scale 1.
        level : Tensor, shape (batch, n_frames), optional
            Running level (``features.running_level``, linear RMS) of the recording around each
            frame; needed where ``uses_level``.

        Returns
        -------
        dict of Tensor
            By the name of each head its logits, (batch, *head.shape(n_frames)). A sigmoid gives
            probabilities and values in [0, 1], a softmax over the last axis those of classes;
            velocity is MIDI / 127.
        """

    @property
    def live_context(self) -> int:
        """Frames that ``forward_live`` looks back; ``context`` for most networks."""
        return self.context

    def forward_live(self, audio: Tensor, level: Tensor | None = None) -> dict[str, Tensor]:
        """As ``forward``, for audio that is being played."""
        logits: dict[str, Tensor] = self(audio, level)
        return logits

    def own_losses(
        self,
        outputs: Mapping[str, Tensor],  # noqa: ARG002
        targets: Mapping[str, Tensor],  # noqa: ARG002
    ) -> dict[str, Tensor]:
        """Losses beside those of the heads, by names of their own; none for most networks.

        Parameters
        ----------
        outputs : mapping of Tensor
            The result of ``forward`` in training mode, where it may have more outputs than its
            heads.
        targets : mapping of Tensor
            By head, (batch, *head.shape(n_frames)).
        """
        return {}

    def forward_changed(
        self,
        audio: Tensor,  # noqa: ARG002 - for those that offer it
        level: Tensor | None,  # noqa: ARG002
        change: Callable[[Tensor], Tensor],  # noqa: ARG002
    ) -> dict[str, Tensor]:
        """As ``forward``, with the log-spectrogram changed on the way, as training augments it.

        ``change`` takes and gives (batch, n_frames, ..., n_bins). A network that does not offer
        this can be used, and not adapted to a user's recordings.

        Raises
        ------
        ValueError
            If the network does not offer it; see ``is_augmentable``.
        """
        raise ValueError(f"{type(self).__name__} offers no spectrogram to change")

    @property
    def axis(self) -> Axis:
        """The axis of the columns of its onsets.

        Raises
        ------
        ValueError
            If it has no onset head for pitches or drums.
        """
        for head in self.heads:
            if head.name == "onset" and head.axis is not None:
                return head.axis
        raise ValueError(f"{type(self).__name__} tells no onsets")

    @property
    def plays_drums(self) -> bool:
        """Whether it detects drum strokes rather than pitched notes."""
        return any(isinstance(head.axis, Drums) for head in self.heads)

    @property
    def is_augmentable(self) -> bool:
        """Whether the network offers ``forward_changed``."""
        return type(self).forward_changed is not TranscriptionModel.forward_changed
