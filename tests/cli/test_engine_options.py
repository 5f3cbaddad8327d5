"""What the options of decoding make of the settings of a model."""

from __future__ import annotations

import pytest

from amtstudio.cli.engine_options import chosen_settings, load_for_files
from amtstudio.cli.parser import build_parser
from amtstudio.errors import OptionError
from amtstudio.symbolic.drums import DRUMS


def parsed(*options):
    return build_parser().parse_args(["transcribe", "song.wav", *options])


def test_each_drum_has_a_threshold_of_its_own():
    several = ("--drum-threshold", "0.7", "--drum-threshold", "Hi-hat closed=0.2")
    arguments = parsed("--model", "drums", *several)
    transcriber = load_for_files(arguments)
    values = dict(zip(DRUMS, chosen_settings(transcriber, arguments).thresholds, strict=True))
    assert values.pop("hihat_closed") == 0.2
    assert set(values.values()) == {0.7}
    one = chosen_settings(transcriber, parsed("--drum-threshold", "kick=0.9"))
    assert one.thresholds == (0.9, *transcriber.settings.thresholds[1:])


def test_a_threshold_of_a_drum_is_for_drums(model_file):
    with pytest.raises(OptionError, match="has no kick threshold"):
        load_for_files(parsed("--model", str(model_file), "--drum-threshold", "kick=0.5"))
    for wrong, reason in (("gong=0.5", "there is no drum 'gong'"), ("kick=2", "between 0 and 1")):
        with pytest.raises(OptionError, match=reason):
            parsed("--drum-threshold", wrong)
