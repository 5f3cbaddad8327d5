"""Words of a score in PDF, in other letters than those of western Europe."""

import pytest

from amtstudio.formats import FORMATS
from amtstudio.formats.pdf_fonts import font_for
from amtstudio.symbolic import Note, Transcription

pytest.importorskip("reportlab", reason="needs the extra score")


def test_western_words_are_in_a_font_that_every_reader_has():
    assert font_for("Für Élise, Œuvre") == ("Times-Roman", "Für Élise, Œuvre")
    assert font_for("Adagio", is_bold=True, is_italic=True)[0] == "Times-BoldItalic"


@pytest.mark.parametrize("title", ["Dvořák", "Чайковский", "Μίκης"])
def test_letters_of_the_rest_of_europe_are_kept_where_a_font_has_them(title):
    font, words = font_for(title, is_bold=True)
    if font == "Times-Bold":
        pytest.skip("no font with these letters on this computer")
    assert words == title


@pytest.mark.parametrize(
    ("title", "font"),
    [("夜想曲", "STSong-Light"), ("月のひかり", "HeiseiMin-W3"), ("아리랑", "HYSMyeongJo-Medium")],
)
def test_east_asian_titles_name_the_font_of_their_script(title, font):
    assert font_for(title) == (font, title)


def test_without_a_font_letters_lose_their_accents(monkeypatch):
    monkeypatch.setattr("amtstudio.formats.pdf_fonts._FILES", ())
    assert font_for("Dvořák: Č. 7 ✶") == ("Times-Roman", "Dvorák: C. 7 ?")


@pytest.mark.parametrize("title", ["Dvořák, Humoreska", "夜想曲"])
def test_a_score_with_such_a_title_is_written_and_says_the_same_each_time(title):
    pytest.importorskip("verovio", reason="needs the extra score")
    score = Transcription([Note(0.5 * i, 0.5 * i + 0.5, 60 + i) for i in range(8)], file=title)
    plain = Transcription(score.notes, file="Humoreske")
    data = FORMATS["pdf"].dumps(score)
    assert data.startswith(b"%PDF")
    assert data == FORMATS["pdf"].dumps(score)
    assert (b"STSong" in data) == (title == "夜想曲")
    assert b"STSong" not in FORMATS["pdf"].dumps(plain)
