"""Options that several commands have, and what they may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amtstudio.cli import argument_types

if TYPE_CHECKING:
    import argparse

FORMAT_SUFFIXES = {
    "midi": ".mid",
    "json": ".json",
    "jsonl": ".jsonl",
    "csv": ".csv",
    "musicxml": ".musicxml",
    "mei": ".mei",
    "svg": ".svg",
    "pdf": ".pdf",
}
DRUM_MAP_NAMES = ("gm", "roland", "superior", "ableton")
DEFAULT_MODEL = "piano"
JSON_PROGRESS = "--json-progress"
AUTO = "auto"  # the models that suit each recording


def add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=tuple(FORMAT_SUFFIXES),
        help="default: from the suffix of OUT, otherwise midi; mei, svg and pdf are scores and need"
        " the extra named score to be installed",
    )


def add_writing_options(parser: argparse.ArgumentParser) -> None:
    """How notes are written."""
    parser.add_argument(
        "--split-tracks",
        action="store_true",
        help="write a file for each track, with its name: song (bass).mid, song (drums).mid",
    )
    parser.add_argument("--no-bends", action="store_true", help="leave out the pitch bends")
    add_drum_map(parser)
    parser.add_argument(
        "--quantize",
        type=argument_types.share,
        metavar="STRENGTH",
        help="move onsets towards the grid of the beats: 1 all the way, 0.5 halfway;"
        " default: leave them. Scores are always on the grid",
    )
    parser.add_argument(
        "--quantize-ends",
        action="store_true",
        help="with --quantize: move the ends of notes as well; else each keeps its length",
    )
    parser.add_argument(
        "--tablature",
        action="store_true",
        help="write guitars and basses as tablature, with strings and frets"
        " (musicxml, mei, svg and pdf)",
    )
    parser.add_argument(
        "--score-without",
        type=argument_types.score_parts,
        default=(),
        metavar="WHAT,...",
        help="what scores leave out: triplets, swing (swung notes are written as played), dynamics"
        " or pedal; several with commas between",
    )
    parser.add_argument(
        "--tuning",
        type=argument_types.guitar_tuning,
        metavar="TUNING",
        help='of guitars in tablature: a name such as "drop D", or the open strings, the lowest'
        ' first, such as "D2 A2 D3 G3 B3 E4"; default: the one that the notes suggest',
    )
    parser.add_argument(
        "--bass-tuning",
        type=argument_types.bass_tuning,
        metavar="TUNING",
        help='of basses in tablature, such as "five strings"; default: as for guitars',
    )
    parser.add_argument(
        "--capo",
        type=argument_types.capo,
        metavar="FRET",
        help="of guitars in tablature; frets are counted from there",
    )
    parser.add_argument(
        "--key",
        type=argument_types.key,
        metavar="KEY",
        help='the key that scores are written in, such as "Eb major" or "F# minor"; default: the'
        " one that the notes suggest",
    )
    existing = parser.add_mutually_exclusive_group()
    existing.add_argument("--overwrite", action="store_true", help="replace outputs that exist")
    existing.add_argument(
        "--skip-existing", action="store_true", help="skip inputs whose output exists"
    )


def add_model_options(
    parser: argparse.ArgumentParser,
    *,
    default: str = DEFAULT_MODEL,
    told_default: str = "",
    with_profile: bool = False,
) -> None:
    """``told_default`` is what the help says where the default is not a model."""
    if with_profile:
        parser.add_argument(
            "--profile",
            metavar="NAME",
            help="a profile created with 'adapt'; see 'profiles list'",
        )
    parser.add_argument(
        "--model",
        # With a profile, it has to be known whether a model was also given.
        default=None if with_profile else default,
        metavar="NAME|PATH",
        help="a name from 'models list' or a .safetensors file;"
        + (" auto chooses by the instruments that are heard;" if default == AUTO else "")
        + f" default: {told_default or default}",
    )
    add_device_option(parser)


def add_end_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--end",
        type=argument_types.time,
        metavar="S",
        help="where to stop, in seconds, or such as 2:30",
    )


def add_track_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--track",
        type=argument_types.track,
        metavar="N",
        help="which of several sound tracks to use, numbered from 1; default: the first"
        " one that can be decoded and is not silent",
    )


def add_device_option(parser: argparse.ArgumentParser, purpose: str = "") -> None:
    parser.add_argument(
        "--device",
        type=argument_types.device,
        default="auto",
        metavar="DEVICE",
        help=f"{purpose}auto, cpu, cuda, cuda:N or mps; default: auto",
    )


def add_decoding_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--onset-threshold",
        type=argument_types.probability,
        metavar="P",
        help="0 to 1; lower finds more notes; default: set by the model",
    )
    parser.add_argument(
        "--drum-threshold",
        type=argument_types.drum_threshold,
        action="append",
        default=[],
        metavar="[DRUM=]P",
        help="of one drum, such as kick=0.3, or of all, 0 to 1; lower finds more hits; may be given"
        " several times; default: set by the model",
    )
    parser.add_argument(
        "--frame-threshold",
        type=argument_types.probability,
        metavar="P",
        help="0 to 1; lower makes notes longer; default: set by the model",
    )
    parser.add_argument(
        "--minimum-duration",
        type=argument_types.seconds,
        metavar="S",
        help="leave out notes shorter than this, in seconds",
    )
    parser.add_argument(
        "--melody",
        action="store_true",
        help="one note at a time, for recordings of a single voice; drums are not affected",
    )


def add_drum_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--drum-map",
        choices=DRUM_MAP_NAMES,
        default=DRUM_MAP_NAMES[0],
        help="the note numbers of drums in MIDI: General MIDI, Roland V-Drums, Superior Drummer"
        " and EZdrummer, or Ableton's drum racks; default: gm",
    )


def add_note_filter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lowest",
        type=argument_types.pitch,
        metavar="KEY",
        help="leave out notes below this key, such as E2 or 40",
    )
    parser.add_argument(
        "--highest", type=argument_types.pitch, metavar="KEY", help="leave out notes above this key"
    )
    parser.add_argument(
        "--scale",
        type=argument_types.scale,
        metavar="SCALE",
        help='leave out notes that are not in it, such as "C major" or "A minor pentatonic"',
    )


def add_beat_hints(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tempo",
        type=argument_types.tempo,
        metavar="BPM",
        help="approximate beats per minute, 15 to 400",
    )
    parser.add_argument(
        "--meter",
        type=argument_types.meter,
        metavar="N/M",
        help="the time signature of the piece, such as 3/4 or 6/8",
    )


def add_message_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        JSON_PROGRESS,
        action="store_true",
        help="messages on standard error as JSON, one object per line",
    )
    loudness = parser.add_mutually_exclusive_group()
    loudness.add_argument(
        "-q", "--quiet", action="store_true", help="print only warnings and errors"
    )
    loudness.add_argument("-v", "--verbose", action="store_true", help="print more")
