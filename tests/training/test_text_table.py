import pytest

from training.text_table import percent, text_table


def test_columns_are_as_wide_as_their_widest_cell():
    table = text_table(["name", "n"], [["a", "100"], ["longer", "2"]], foot=[["mean", "51"]])
    assert table.splitlines() == [
        "name      n",
        "-----------",
        "a       100",
        "longer    2",
        "-----------",
        "mean     51",
    ]


def test_further_columns_may_be_flush_left():
    assert text_table(["a", "bb"], [["1", "2"]], n_left=2).splitlines()[-1] == "1  2"


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="2 cells"):
        text_table(["a", "b"], [["1"]])


def test_percent():
    assert percent(0.12345) == "12.3"
