"""The commands, with the name and help of every argument."""

from __future__ import annotations

import argparse

from amtstudio import __version__
from amtstudio.cli import argument_types
from amtstudio.cli.argument_parser import CommandParser, HelpFormatter
from amtstudio.cli.console import PROGRAM
from amtstudio.cli.shared_options import (
    AUTO,
    add_beat_hints,
    add_decoding_options,
    add_device_option,
    add_drum_map,
    add_end_option,
    add_format,
    add_message_options,
    add_model_options,
    add_note_filter,
    add_track_option,
    add_writing_options,
)
from amtstudio.cli.tag_option import TAG_EXAMPLE

INSTRUMENT_MODEL = "instruments"

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


def build_parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        prog=PROGRAM,
        description="Turns recordings into MIDI on your own machine.",
        epilog=_EXAMPLES + _EXIT_CODES,
        formatter_class=HelpFormatter,
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


def _add_commands(parser: CommandParser, name: str) -> argparse._SubParsersAction[CommandParser]:
    """Where the command is left out, ``show_help`` of the arguments prints the help."""
    parser.set_defaults(show_help=parser.print_help)
    return parser.add_subparsers(title=f"{name}s", dest=name, metavar=name.upper())


def _add_command(
    commands: argparse._SubParsersAction[CommandParser], name: str, summary: str, epilog: str = ""
) -> CommandParser:
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=epilog or None,
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(show_help=None)
    return parser


def _add_transcribe(commands: argparse._SubParsersAction[CommandParser]) -> None:
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
    add_format(parser)
    add_model_options(parser, default=AUTO, with_profile=True)
    add_decoding_options(parser)
    parser.add_argument(
        "--start",
        type=argument_types.time,
        default=0.0,
        metavar="S",
        help="where in the recording to start, in seconds, or such as 1:30",
    )
    add_end_option(parser)
    add_track_option(parser)
    parser.add_argument(
        "--instruments",
        default=AUTO,
        metavar="auto|NAME,NAME",
        help="the instruments that play, such as piano,bass,drums: only these get a track;"
        " default: auto, those that are heard",
    )
    add_note_filter(parser)
    parser.add_argument(
        "--beats",
        choices=("auto", "off"),
        default="auto",
        help="auto puts bars and the tempo into the file where the beats are certain; off writes"
        " MIDI at a fixed 120 beats per minute, whatever is played; default: auto",
    )
    add_beat_hints(parser)
    add_writing_options(parser)
    add_message_options(parser)


def _add_export(commands: argparse._SubParsersAction[CommandParser]) -> None:
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
    add_format(parser)
    add_note_filter(parser)
    parser.add_argument(
        "--beats",
        choices=("auto", "off"),
        default="auto",
        help="off leaves out the bars and the tempo; default: auto, those of the project",
    )
    add_writing_options(parser)
    add_message_options(parser)


def _add_listen(commands: argparse._SubParsersAction[CommandParser]) -> None:
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
        type=argument_types.channels,
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
    add_track_option(parser)
    parser.add_argument(
        "--seconds",
        type=argument_types.length,
        metavar="S",
        help="stop after S seconds, or such as 5:00",
    )
    parser.add_argument(
        "-o", "--output", metavar="OUT.mid", help="transcribe the take to this file"
    )
    add_drum_map(parser)
    parser.add_argument("--record", metavar="OUT.wav", help="save the recording to this file")
    parser.add_argument("--overwrite", action="store_true", help="replace OUT.mid if it exists")
    parser.add_argument(
        "--jsonl", action="store_true", help="one JSON object per line, for programs"
    )
    parser.add_argument(
        "--ends", action="store_true", help="with --jsonl: another line when a note has ended"
    )
    add_model_options(parser, default=AUTO, with_profile=True)
    add_decoding_options(parser)
    add_message_options(parser)


def _add_instruments(commands: argparse._SubParsersAction[CommandParser]) -> None:
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
        type=argument_types.tag,
        action="append",
        metavar="TAG",
        help="what you know: that an instrument is, or is not, heard in a stretch, such as"
        f" {TAG_EXAMPLE}; it overrules the model there; for a single recording; may be given"
        " several times",
    )
    add_track_option(parser)
    parser.add_argument(
        "--format", choices=("text", "json", "csv"), default="text", help="default: text"
    )
    add_model_options(parser, default=INSTRUMENT_MODEL, with_profile=True)
    add_message_options(parser)


def _add_beats(commands: argparse._SubParsersAction[CommandParser]) -> None:
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
    add_beat_hints(parser)
    level = parser.add_mutually_exclusive_group()
    level.add_argument(
        "--half", action="store_true", help="half as many beats as were found, at half the tempo"
    )
    level.add_argument("--double", action="store_true", help="twice as many, at twice the tempo")
    add_model_options(parser, default=AUTO, with_profile=True)
    parser.set_defaults(
        onset_threshold=None,
        drum_threshold=(),
        frame_threshold=None,
        minimum_duration=None,
        melody=False,
    )
    add_end_option(parser)
    add_track_option(parser)
    parser.add_argument("--overwrite", action="store_true", help="replace OUT if it exists")
    add_message_options(parser)


def _add_evaluate(commands: argparse._SubParsersAction[CommandParser]) -> None:
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
    add_model_options(parser, with_profile=True)
    add_decoding_options(parser)
    parser.add_argument("--report", metavar="FILE.json", help="also write all scores to this file")
    parser.add_argument(
        "--limit", type=argument_types.length, metavar="S", help="use only the first S seconds"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace a report that already exists"
    )
    add_message_options(parser)


def _add_adapt(commands: argparse._SubParsersAction[CommandParser]) -> None:
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
        type=argument_types.positive_number,
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
        type=argument_types.number,
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
    add_model_options(parser)
    add_message_options(parser)


def _add_profiles(commands: argparse._SubParsersAction[CommandParser]) -> None:
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
    add_device_option(forget, "to learn on: ")


def _add_models(commands: argparse._SubParsersAction[CommandParser]) -> None:
    parser = _add_command(commands, "models", "list and check the models")
    actions = _add_commands(parser, "action")
    listing = _add_command(actions, "list", "list the models that are installed")
    listing.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    verify = _add_command(actions, "verify", "check that models are complete and unchanged")
    verify.add_argument("names", nargs="*", metavar="NAME|PATH", help="default: all installed")
    path = _add_command(actions, "path", "print where a model is kept")
    path.add_argument("name", nargs="?", metavar="NAME", help="default: the folder of all models")


def _add_gui(commands: argparse._SubParsersAction[CommandParser]) -> None:
    parser = _add_command(
        commands,
        "gui",
        "open the window",
        "Opens the files, and the recordings in folders, in the window. With --snapshot it\n"
        "transcribes them, saves a picture of itself and closes. No display is needed. The\n"
        "picture does not depend on what was set in the window before; use --model for another\n"
        "model.\n\n" + _EXIT_CODES,
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
    told_default = "what the window used last; with --snapshot, auto"
    add_model_options(parser, default=AUTO, told_default=told_default)
    parser.set_defaults(model=None, device=None)  # as the preferences of the window say
