"""A model that was asked for, and was not made for what is heard."""

from __future__ import annotations

from amtstudio.cli import main
from amtstudio.resources import resource_path


def transcribe(recording, folder, *options: str) -> int:
    return main(
        ["transcribe", str(recording), "-o", str(folder / "out.mid"), "--end", "8", *options]
    )


def test_a_guitar_for_the_piano_model_is_told(shared, tmp_path, capsys):
    (guitar,) = (shared / "data" / "real" / "guitar").glob("*.flac")
    assert transcribe(guitar, tmp_path, "--model", "piano", "--device", "cpu") == 0
    err = capsys.readouterr().err
    assert "guitar" in err
    assert "which the model piano was not made for" in err
    assert "leave --model out, or use --model melodic" in err


def test_a_piano_for_the_piano_model_is_not_worth_a_word(tmp_path, capsys):
    example = resource_path("examples", "schumann_im_wunderschoenen.mp3")
    assert transcribe(example, tmp_path, "--model", "piano", "--device", "cpu") == 0
    assert "was not made for" not in capsys.readouterr().err
