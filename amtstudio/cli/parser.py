"""Names, types and help of every argument."""

from __future__ import annotations

import argparse
import contextlib
import math
import re
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from amtstudio import __version__
from amtstudio.cli.clock_times import CLOCK_TIME, seconds_of
from amtstudio.cli.console import PROGRAM
from amtstudio.cli.process import write_output
from amtstudio.cli.tag_option import TAG_EXAMPLE, parse_tag
from amtstudio.errors import OptionError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from _typeshed import SupportsWrite

    from amtstudio.symbolic import Meter
    from amtstudio.symbolic.instrument_tags import InstrumentTag
    from amtstudio.symbolic.keys import Key
    from amtstudio.symbolic.note_filter import Scale

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
_SCORE_PARTS = ("triplets", "swing", "dynamics", "pedal")  # that may be left out
DEFAULT_MODEL = "piano"
JSON_PROGRESS = "--json-progress"
AUTO = "auto"  # the models that suit each recording
INSTRUMENT_MODEL = "instruments"

_DEVICE = re.compile(r"auto|cpu|cuda(:\d+)?|mps")
_EXAMPLES = """\
to begin:
  amtstudio gui                       the window
  amtstudio transcribe nocturne.mp3   writes nocturne.mid beside the recording
  amtstudio COMMAND --help            all options of a command

"""
_EXIT_CODES = """\
exit codes:
  0 all done; 1 some of several inputs failed; 2 wrong usage; 65 the input cannot be used as audio;
  66 no such input; 70 a bug in this program; 73 the output cannot be created;
  74 reading or writing failed, as on a full disk; 75 not enough memory; 77 no permission to read
  the input; 78 model or device not usable; 130 and 143 stopped by a signal;
  141 the reader of the output closed it
"""


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Leaves the longest command on one line with its help, which argparse puts two lines apart."""

    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - has no public name
            self._action_max_length += 2  # commands are indented once more than options


class _Parser(argparse.ArgumentParser):
    """Raises ``OptionError`` for wrong arguments, and reports output that fails.

    Where a command is wanted and none is given, its help is what was wanted.
    """

    def parse_known_args(  # type: ignore[override] # as argparse itself calls it
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Unknown arguments are refused here, by the parser of the command that they stand behind.

        Otherwise the parent parser would refuse them, as it does not know the command's options.
        """
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(self._unknown(unknown))
        return known, unknown

    def _unknown(self, arguments: list[str]) -> str:
        option = arguments[0].partition("=")[0]
        if not option.startswith("-") or option == "-":
            return f"unexpected argument {option!r}"
        question = did_you_mean(option, self._option_string_actions)
        return f"there is no option {option}" + (f"; {question}" if question else "")

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        # Such a value would be taken for the current folder, or for an option left out.
        if not arg_string and action.nargs != argparse.PARSER:
            raise argparse.ArgumentError(action, "it is empty; is a shell variable not set?")
        return super()._get_value(action, arg_string)

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        question = did_you_mean(str(value), known) or f"choose from {', '.join(known)}"
        what = "" if action.option_strings else f"{str(action.metavar).lower()} "
        raise argparse.ArgumentError(
            action if action.option_strings else None, f"there is no {what}{value!r}; {question}"
        )

    def error(self, message: str) -> NoReturn:
        raise OptionError(message, hint=f"see {self.prog} --help")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        # argparse itself keeps quiet about a full disk.
        if message and file is sys.stdout:
            write_output(message)
        else:
            # Early releases of Python 3.11 let the failure of standard error pass.
            with contextlib.suppress(OSError):
                super()._print_message(message, file)


def build_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=PROGRAM,
        description="Turns recordings into MIDI on your own machine.",
        epilog=_EXAMPLES + _EXIT_CODES,
        formatter_class=_HelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.set_defaults(quiet=False, verbose=False, json_progress=False)
    commands = _add_commands(parser, "command")
    _add_transcribe(commands)
    _add_listen(commands)
    _add_export(commands)
    _add_instruments(commands)
    _add_beats(commands)
    _add_evaluate(commands)
    _add_adapt(commands)
    _add_profiles(commands)
    _add_models(commands)
    _add_gui(commands)
    return parser


def _add_commands(parser: _Parser, name: str) -> argparse._SubParsersAction[_Parser]:
    """Where the command is left out, ``show_help`` of the arguments prints the help."""
    parser.set_defaults(show_help=parser.print_help)
    return parser.add_subparsers(title=f"{name}s", dest=name, metavar=name.upper())


def _add_command(
    commands: argparse._SubParsersAction[_Parser], name: str, summary: str, epilog: str = ""
) -> _Parser:
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=epilog or None,
        formatter_class=_HelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(show_help=None)
    return parser


def _add_transcribe(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add_command(
        commands, "transcribe", "transcribe recordings and write their notes", _EXIT_CODES
    )
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="IN",
        help="an audio or video file, a folder of them, or - for standard input",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT|DIR|-",
        help="a file; a folder, which is created if several inputs are given or its name ends with"
        " a separator; or - for standard output. Recordings from a folder keep their subfolders."
        " Default: <stem>.mid beside the recording, and standard output for standard input",
    )
    _add_format(parser)
    _add_model_options(parser, default=AUTO, with_profile=True)
    _add_decoding_options(parser)
    parser.add_argument(
        "--start",
        type=_time,
        default=0.0,
        metavar="S",
        help="where in the recording to start, in seconds, or such as 1:30",
    )
    _add_end_option(parser)
    _add_track_option(parser)
    parser.add_argument(
        "--instruments",
        default=AUTO,
        metavar="auto|NAME,NAME",
        help="the instruments that play, such as piano,bass,drums: only these get a track;"
        " default: auto, those that are heard",
    )
    _add_note_filter(parser)
    parser.add_argument(
        "--beats",
        choices=("auto", "off"),
        default="auto",
        help="auto puts bars and the tempo into the file where the beats are certain; off writes"
        " MIDI at a fixed 120 beats per minute, whatever is played; default: auto",
    )
    _add_beat_hints(parser)
    _add_writing_options(parser)
    _add_message_options(parser)


def _add_export(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add_command(
        commands,
        "export",
        "write the notes of projects as you edited them",
        "Nothing is transcribed, and the recording may be missing. The range and the scale of a\n"
        "project leave out notes as they do in the window; its key and tuning are used unless an\n"
        "option names others.\n\n" + _EXIT_CODES,
    )
    parser.add_argument(
        "inputs", nargs="+", metavar="PROJECT", help="a project (.amts), or a folder of them"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT|DIR|-",
        help="a file; a folder, which is created if several projects are given or its name ends"
        " with a separator; or - for standard output. Default: <stem>.mid beside the project",
    )
    _add_format(parser)
    _add_note_filter(parser)
    parser.add_argument(
        "--beats",
        choices=("auto", "off"),
        default="auto",
        help="off leaves out the bars and the tempo; default: auto, those of the project",
    )
    _add_writing_options(parser)
    _add_message_options(parser)


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=tuple(FORMAT_SUFFIXES),
        help="default: from the suffix of OUT, otherwise midi; mei, svg and pdf are scores and need"
        " the extra named score to be installed",
    )


def _add_writing_options(parser: argparse.ArgumentParser) -> None:
    """How notes are written."""
    parser.add_argument(
        "--split-tracks",
        action="store_true",
        help="write a file for each track, with its name: song (bass).mid, song (drums).mid",
    )
    parser.add_argument("--no-bends", action="store_true", help="leave out the pitch bends")
    _add_drum_map(parser)
    parser.add_argument(
        "--quantize",
        type=_share,
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
        type=_score_parts,
        default=(),
        metavar="WHAT,...",
        help="what scores leave out: triplets, swing (swung notes are written as played), dynamics"
        " or pedal; several with commas between",
    )
    parser.add_argument(
        "--tuning",
        type=_guitar_tuning,
        metavar="TUNING",
        help='of guitars in tablature: a name such as "drop D", or the open strings, the lowest'
        ' first, such as "D2 A2 D3 G3 B3 E4"; default: the one that the notes suggest',
    )
    parser.add_argument(
        "--bass-tuning",
        type=_bass_tuning,
        metavar="TUNING",
        help='of basses in tablature, such as "five strings"; default: as for guitars',
    )
    parser.add_argument(
        "--capo",
        type=_capo,
        metavar="FRET",
        help="of guitars in tablature; frets are counted from there",
    )
    parser.add_argument(
        "--key",
        type=_key,
        metavar="KEY",
        help='the key that scores are written in, such as "Eb major" or "F# minor"; default: the'
        " one that the notes suggest",
    )
    existing = parser.add_mutually_exclusive_group()
    existing.add_argument("--overwrite", action="store_true", help="replace outputs that exist")
    existing.add_argument(
        "--skip-existing", action="store_true", help="skip inputs whose output exists"
    )


def _add_listen(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add_command(
        commands,
        "listen",
        "print notes while they are played",
        "Notes appear on standard output a fifth of a second after they are struck. Ctrl-C ends\n"
        "the take; with -o all of it is then transcribed again, more carefully, and written.\n\n"
        "--jsonl: one object per line. A note is announced with 'provisional': true, then\n"
        "confirmed with 'provisional': false or, rarely, withdrawn ('event'); 'id' says which\n"
        "lines belong together, 'emitted_s' when in the stream it was printed, in seconds.\n\n"
        "Without --model, piano listens first; after some seconds of another instrument or of\n"
        "drums, melodic or drums takes over, which standard error reports.\n\n" + _EXIT_CODES,
    )
    parser.add_argument(
        "--input",
        metavar="DEVICE|FILE",
        help="a recording, or the number, name or part of the name of an input device, followed"
        " by a comma and its sound system if needed; default: the system's default device",
    )
    parser.add_argument(
        "--channels",
        type=_channels,
        metavar="N[,N...]",
        help="which inputs of the device to record, numbered from 1; default: all",
    )
    parser.add_argument(
        "--list-inputs",
        action="store_true",
        help="list input devices and MIDI keyboards, and exit",
    )
    parser.add_argument(
        "--midi-in",
        metavar="NAME",
        help="with --record: the name of a MIDI keyboard to record as well, or part of it; its"
        " notes are kept beside the recording, and 'adapt' learns from them",
    )
    parser.add_argument("--realtime", action="store_true", help="read FILE in real time")
    _add_track_option(parser)
    parser.add_argument(
        "--seconds", type=_length, metavar="S", help="stop after S seconds, or such as 5:00"
    )
    parser.add_argument(
        "-o", "--output", metavar="OUT.mid", help="transcribe the take to this file"
    )
    _add_drum_map(parser)
    parser.add_argument("--record", metavar="OUT.wav", help="save the recording to this file")
    parser.add_argument("--overwrite", action="store_true", help="replace OUT.mid if it exists")
    parser.add_argument(
        "--jsonl", action="store_true", help="one JSON object per line, for programs"
    )
    parser.add_argument(
        "--ends", action="store_true", help="with --jsonl: another line when a note has ended"
    )
    _add_model_options(parser, default=AUTO, with_profile=True)
    _add_decoding_options(parser)
    _add_message_options(parser)


def _add_instruments(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add_command(
        commands,
        "instruments",
        "list which instruments are heard, and when",
        "Twenty instruments, those of the OpenMIC data set, for every second and for the whole\n"
        "recording. text marks those that are heard with '*'; json has the attention as well:\n"
        "which seconds the score of the recording rests on. It is a hint, not proof. With several\n"
        "inputs, json has one object per line, and csv starts with a column for the file.\n\n"
        + _EXIT_CODES,
    )
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="IN",
        help="an audio or video file, a folder of them, or - for standard input",
    )
    parser.add_argument(
        "--resolution",
        choices=("1", "5", "10", "track"),
        default="1",
        help="length of a row in seconds, with the highest score in it; track gives one row for the"
        " whole recording; default: 1",
    )
    parser.add_argument(
        "--tag",
        type=_tag,
        action="append",
        metavar="TAG",
        help="what you know: that an instrument is, or is not, heard in a stretch, such as"
        f" {TAG_EXAMPLE}; it overrules the model there; for a single recording; may be given"
        " several times",
    )
    _add_track_option(parser)
    parser.add_argument(
        "--format", choices=("text", "json", "csv"), default="text", help="default: text"
    )
    _add_model_options(parser, default=INSTRUMENT_MODEL, with_profile=True)
    _add_message_options(parser)


def _add_beats(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add_command(
        commands,
        "beats",
        "find the beats and bars",
        "IN may be a recording, which is transcribed first, notes in MIDI, CSV, JSON or JSON\n"
        "Lines, or a project (.amts), whose own beats are printed if it has any.\n"
        "The format text has a line for each beat: its time in seconds and place in the bar.\n\n"
        + _EXIT_CODES,
    )
    parser.add_argument(
        "input", metavar="IN", help="a recording, a file of notes, or - for standard input"
    )
    parser.add_argument("-o", "--output", metavar="OUT|-", help="a file; default: standard output")
    parser.add_argument(
        "--format",
        choices=("text", "csv", "json"),
        help="default: from the suffix of OUT, otherwise text",
    )
    _add_beat_hints(parser)
    level = parser.add_mutually_exclusive_group()
    level.add_argument(
        "--half", action="store_true", help="half as many beats as were found, at half the tempo"
    )
    level.add_argument("--double", action="store_true", help="twice as many, at twice the tempo")
    _add_model_options(parser, default=AUTO, with_profile=True)
    parser.set_defaults(
        onset_threshold=None,
        drum_threshold=(),
        frame_threshold=None,
        minimum_duration=None,
        melody=False,
    )
    _add_end_option(parser)
    _add_track_option(parser)
    parser.add_argument("--overwrite", action="store_true", help="replace OUT if it exists")
    _add_message_options(parser)


def _add_evaluate(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add_command(
        commands,
        "evaluate",
        "score transcriptions against the truth",
        "Every recording in FOLDER and below with <stem>.mid, <stem>.midi, <stem>.notes.json or\n"
        "<stem>.notes.csv (onset_s,offset_s,midi_pitch,velocity,instrument) beside it is scored:\n"
        "onsets within 50 ms; 'aligned' with the median onset deviation of the piece subtracted.\n"
        "--model auto chooses the model by the instruments that are heard.\n\n" + _EXIT_CODES,
    )
    parser.add_argument("folder", metavar="FOLDER", help="recordings with the truth beside them")
    _add_model_options(parser, with_profile=True)
    _add_decoding_options(parser)
    parser.add_argument("--report", metavar="FILE.json", help="also write all scores to this file")
    parser.add_argument("--limit", type=_length, metavar="S", help="use only the first S seconds")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace a report that already exists"
    )
    _add_message_options(parser)


def _add_adapt(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add_command(
        commands,
        "adapt",
        "learn from your own recordings, without labels",
        "Learns the sound of your instrument, room and microphone from the recordings, and keeps\n"
        "the result as a profile if, and only if, it passes the tests: on labelled music, on\n"
        "recordings that it did not learn from, and on passages that you corrected or gave a\n"
        "score for. The exit code is 0 either way; the report says which. On a piano\n"
        "in good order hardly any notes change; with --model melodic it learns other instruments,\n"
        "and with --model drums your kit. It takes three recordings and a minute in all to change\n"
        "the model's weights; with less, the tuning is adapted. With --model instruments the\n"
        "instrument detector learns from passages in which you marked instruments as heard or not\n"
        "heard. A project (.amts) brings its recording, with what you corrected, accepted and\n"
        "marked in it.\n\n" + _EXIT_CODES,
    )
    parser.add_argument(
        "recordings",
        nargs="*",
        metavar="RECORDING",
        help="a recording, a folder of recordings, or a project",
    )
    parser.add_argument("--name", required=True, metavar="NAME", help="name of the profile")
    parser.add_argument(
        "--score",
        nargs=2,
        action="append",
        metavar=("SCORE", "RECORDING"),
        help="the notes of a recording, as MIDI or MusicXML: they are aligned with it and count as"
        " known; may be given several times",
    )
    parser.add_argument(
        "--tag",
        nargs=2,
        action="append",
        metavar=("TAG", "RECORDING"),
        help="with --model instruments: that an instrument is, or is not, heard in a stretch of a"
        f" recording, such as {TAG_EXAMPLE}; may be given several times",
    )
    parser.add_argument(
        "--minutes",
        type=_positive_number,
        default=5.0,
        metavar="M",
        help="training time in minutes; the tests take about as long again; default: 5",
    )
    parser.add_argument(
        "--teacher",
        default="auto",
        metavar="TEACHER",
        help="ensemble, moving-average, an installed engine, or a model; default: the best at hand",
    )
    parser.add_argument(
        "--trust",
        nargs=2,
        type=_number,
        metavar=("SURE", "SILENT"),
        help="learn a note where the teacher is at least SURE of it, and silence where it is at"
        " most SILENT, both from 0 to 1; anything between is ignored; default: around the"
        " model's own threshold",
    )
    parser.add_argument("--resume", action="store_true", help="resume a stopped run")
    parser.add_argument("--report", metavar="FILE.json", help="write the outcome to this file")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace a profile or report that already exists"
    )
    _add_model_options(parser)
    _add_message_options(parser)


def _add_profiles(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add_command(commands, "profiles", "list and manage profiles")
    actions = _add_commands(parser, "action")
    listing = _add_command(actions, "list", "list the profiles")
    listing.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    show = _add_command(actions, "show", "print what a profile was made from, as JSON")
    show.add_argument("name", metavar="NAME")
    export = _add_command(actions, "export", "copy a profile to a file")
    export.add_argument("name", metavar="NAME")
    export.add_argument("output", metavar="OUT.amtprofile")
    export.add_argument("--overwrite", action="store_true", help="replace a file that exists")
    importing = _add_command(actions, "import", "import a profile from a file")
    importing.add_argument("input", metavar="FILE.amtprofile")
    importing.add_argument(
        "--name", metavar="NAME", help="another name for it; default: the name it has in the file"
    )
    rename = _add_command(actions, "rename", "give a profile another name")
    rename.add_argument("name", metavar="NAME")
    rename.add_argument("new_name", metavar="NEW")
    delete = _add_command(actions, "delete", "delete a profile; its recordings stay as they are")
    delete.add_argument("name", metavar="NAME")
    forget = _add_command(
        actions,
        "forget",
        "remove what a profile learned from a recording",
        "What a profile learned from one recording cannot be separated from the rest: the profile\n"
        "is withdrawn at once, and made again from its other recordings as 'adapt' would, if they\n"
        "can be found. A recording that was only used for testing is removed from the list of\n"
        "recordings, and the profile stays.",
    )
    forget.add_argument("name", metavar="NAME")
    forget.add_argument(
        "recording", metavar="RECORDING", help="its file, its name, or its checksum in 'show'"
    )
    forget.add_argument(
        "--withdraw-only",
        action="store_true",
        help="do not make the profile again from the other recordings",
    )
    _add_device_option(forget, "to learn on: ")


def _add_models(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add_command(commands, "models", "list and check the models")
    actions = _add_commands(parser, "action")
    listing = _add_command(actions, "list", "list the models that are installed")
    listing.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    verify = _add_command(actions, "verify", "check that models are complete and unchanged")
    verify.add_argument("names", nargs="*", metavar="NAME|PATH", help="default: all installed")
    path = _add_command(actions, "path", "print where a model is kept")
    path.add_argument("name", nargs="?", metavar="NAME", help="default: the folder of all models")


def _add_gui(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add_command(
        commands,
        "gui",
        "open the window",
        "Opens the files, and the recordings in folders, in the window. With --snapshot it\n"
        "transcribes them, saves a picture of itself and closes; no display is needed for that.\n\n"
        + _EXIT_CODES,
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="recordings, or folders of them")
    parser.add_argument(
        "--snapshot", metavar="OUT.png", help="save a picture of the finished window, and quit"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace a picture that already exists"
    )
    parser.add_argument(
        "--new-window",
        action="store_true",
        help="open another window even if one is open; --model and --device imply it",
    )
    _add_model_options(parser, default=AUTO, told_default="what the window used last")
    parser.set_defaults(model=None, device=None)  # as the preferences of the window say


def _add_model_options(
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
    _add_device_option(parser)


def _add_end_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--end", type=_time, metavar="S", help="where to stop, in seconds, or such as 2:30"
    )


def _add_track_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--track",
        type=_track,
        metavar="N",
        help="which of several sound tracks to use, numbered from 1; default: the first"
        " one that can be decoded and is not silent",
    )


def _add_device_option(parser: argparse.ArgumentParser, purpose: str = "") -> None:
    parser.add_argument(
        "--device",
        type=_device,
        default="auto",
        metavar="DEVICE",
        help=f"{purpose}auto, cpu, cuda, cuda:N or mps; default: auto",
    )


def _add_decoding_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--onset-threshold",
        type=_probability,
        metavar="P",
        help="0 to 1; lower finds more notes; default: set by the model",
    )
    parser.add_argument(
        "--drum-threshold",
        type=_drum_threshold,
        action="append",
        default=[],
        metavar="[DRUM=]P",
        help="of one drum, such as kick=0.3, or of all, 0 to 1; lower finds more hits; may be given"
        " several times; default: set by the model",
    )
    parser.add_argument(
        "--frame-threshold",
        type=_probability,
        metavar="P",
        help="0 to 1; lower makes notes longer; default: set by the model",
    )
    parser.add_argument(
        "--minimum-duration",
        type=_seconds,
        metavar="S",
        help="leave out notes shorter than this, in seconds",
    )
    parser.add_argument(
        "--melody",
        action="store_true",
        help="one note at a time, for recordings of a single voice; drums are not affected",
    )


def _add_drum_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--drum-map",
        choices=DRUM_MAP_NAMES,
        default=DRUM_MAP_NAMES[0],
        help="the note numbers of drums in MIDI: General MIDI, Roland V-Drums, Superior Drummer"
        " and EZdrummer, or Ableton's drum racks; default: gm",
    )


def _add_note_filter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lowest",
        type=_pitch,
        metavar="KEY",
        help="leave out notes below this key, such as E2 or 40",
    )
    parser.add_argument(
        "--highest", type=_pitch, metavar="KEY", help="leave out notes above this key"
    )
    parser.add_argument(
        "--scale",
        type=_scale,
        metavar="SCALE",
        help='leave out notes that are not in it, such as "C major" or "A minor pentatonic"',
    )


def _add_beat_hints(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tempo", type=_tempo, metavar="BPM", help="approximate beats per minute, 15 to 400"
    )
    parser.add_argument(
        "--meter",
        type=_meter,
        metavar="N/M",
        help="the time signature of the piece, such as 3/4 or 6/8",
    )


def _add_message_options(parser: argparse.ArgumentParser) -> None:
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


def _pitch(text: str) -> int:
    from amtstudio.symbolic.pitches import pitch_of  # noqa: PLC0415 - numpy, for who asks for it

    try:
        return pitch_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a key, such as C4, F#3 or 60") from error


def _scale(text: str) -> Scale:
    from amtstudio.symbolic.note_filter import SCALES, Scale  # noqa: PLC0415 - as above

    try:
        return Scale.parse(text)
    except ValueError as error:
        known = ", ".join(SCALES)
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a scale: a note such as C, F# or Bb, and one of {known}"
        ) from error


def _score_parts(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip().casefold() for part in text.split(","))
    for part in parts:
        if part not in _SCORE_PARTS:
            question = did_you_mean(part, _SCORE_PARTS) or f"choose from {', '.join(_SCORE_PARTS)}"
            raise argparse.ArgumentTypeError(f"there is no {part!r} in a score; {question}")
    return parts


def _key(text: str) -> Key:
    from amtstudio.symbolic.keys import Key  # noqa: PLC0415 - as above

    try:
        return Key.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a key of a piece, such as C major, Eb minor or F#, with at most"
            " seven sharps or flats"
        ) from error


def _guitar_tuning(text: str) -> tuple[int, ...]:
    from amtstudio.notation import tablature  # noqa: PLC0415 - as above

    return _tuning(text, tablature.GUITARS)


def _bass_tuning(text: str) -> tuple[int, ...]:
    from amtstudio.notation import tablature  # noqa: PLC0415 - as above

    return _tuning(text, tablature.BASSES)


def _tuning(text: str, names: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    from amtstudio.notation.tablature import tuning_of  # noqa: PLC0415 - as above

    try:
        return tuning_of(text, names)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a tuning: {', '.join(names)}, or open strings such as D2 A2 D3"
        ) from error


def _capo(text: str) -> int:
    value = _number(text)
    if value != int(value) or not 0 <= value <= 12:
        raise argparse.ArgumentTypeError(f"{text} is not a fret from 0 to 12")
    return int(value)


def _tag(text: str) -> InstrumentTag:
    try:
        return parse_tag(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _probability(text: str) -> float:
    value = _number(text)
    if not 0.0 < value < 1.0:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def _drum_threshold(text: str) -> dict[str, float]:
    """The threshold of each drum that it is for."""
    from amtstudio.symbolic.drums import DRUMS  # noqa: PLC0415 - imports numpy

    name, equals, value = text.rpartition("=")
    if not equals:
        return dict.fromkeys(DRUMS, _probability(text))
    drum = "_".join(name.casefold().replace("hi-hat", "hihat").replace("-", " ").split())
    if drum not in DRUMS:
        raise argparse.ArgumentTypeError(f"there is no drum {name!r}: {', '.join(DRUMS)}")
    return {drum: _probability(value)}


def _share(text: str) -> float:
    share = _number(text)
    if not 0.0 <= share <= 1.0:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to 1")
    return share


def _seconds(text: str) -> float:
    value = _number(text)
    if value < 0.0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return value


def _tempo(text: str) -> float:
    value = _number(text)
    if not 15.0 <= value <= 400.0:
        raise argparse.ArgumentTypeError(f"{text} is not between 15 and 400")
    return value


def _meter(text: str) -> Meter:
    from amtstudio.symbolic import Meter  # noqa: PLC0415 - imports numpy

    try:
        return Meter.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _channels(text: str) -> tuple[int, ...]:
    parts = text.split(",")
    if not all(part.strip().isascii() and part.strip().isdigit() for part in parts):
        raise argparse.ArgumentTypeError(f"{text} is not a list of inputs such as 3 or 1,2")
    numbers = tuple(dict.fromkeys(int(part) for part in parts))
    if min(numbers) < 1:
        raise argparse.ArgumentTypeError("inputs are numbered from 1")
    return numbers


def _positive_number(text: str) -> float:
    value = _number(text)
    if value <= 0.0:
        raise argparse.ArgumentTypeError(f"{text} is not greater than 0")
    return value


def _length(text: str) -> float:
    value = _time(text)
    if value == 0.0:
        raise argparse.ArgumentTypeError(f"{text} is not greater than 0")
    return value


def _time(text: str) -> float:
    """Seconds of a time written as 90, 1:30 or 0:01:30.5."""
    if ":" not in text:
        return _seconds(text)
    if not re.fullmatch(CLOCK_TIME, text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 90, 1:30 or 0:01:30.5")
    return _finite(seconds_of(text), text)


def _track(text: str) -> int:
    value = _number(text)
    if value < 1 or value != int(value):
        raise argparse.ArgumentTypeError(
            f"{text} is not a track number; tracks are numbered from 1"
        )
    return int(value)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number{_meant(text)}") from None
    return _finite(value, text)


def _finite(value: float, text: str) -> float:
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not a finite number")
    return value


def _meant(text: str) -> str:
    """The question after the number that was written as people write it."""
    number = text.strip().removesuffix("%").rstrip()
    if not re.fullmatch(r"[+-]?\d+([.,]\d+)?", number):
        return ""
    value = float(number.replace(",", "."))
    return f"; did you mean {value / 100 if number != text.strip() else value:g}?"


def _device(text: str) -> str:
    if not _DEVICE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not one of auto, cpu, cuda, cuda:N, mps")
    return text
