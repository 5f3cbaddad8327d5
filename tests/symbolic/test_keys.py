from __future__ import annotations

import pytest

from amtstudio.symbolic.keys import KEYS, Key
from amtstudio.symbolic.pitches import pitch_class_of


@pytest.mark.parametrize(
    ("text", "fifths", "mode"),
    [
        ("C", 0, "major"),
        ("Eb major", -3, "major"),
        ("e flat minor", -6, "minor"),
        ("E♭ Minor", -6, "minor"),
        ("F# minor", 3, "minor"),
        ("f-sharp major", 6, "major"),
        ("Am", 0, "minor"),
        ("bbm", -5, "minor"),
        ("B", 5, "major"),
        ("Cb major", -7, "major"),
        ("A# minor", 7, "minor"),
    ],
)
def test_keys_are_read_as_people_write_them(text, fifths, mode):
    assert Key.parse(text) == Key(fifths, mode)


@pytest.mark.parametrize("text", ["", "H", "C dorian", "G# major", "Fb", "Cx", "C major minor"])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(ValueError, match=r"no key|fifths"):
        Key.parse(text)


def test_every_key_has_a_name_of_its_own_on_its_tonic():
    assert len(KEYS) == len({key.name for key in KEYS}) == 30
    for key in KEYS:
        assert Key.parse(key.name) == key
        step, pitch_class = key.tonic
        tonic = key.name.split()[0]
        assert "CDEFGAB"[step] == tonic[0]
        assert pitch_class == pitch_class_of(tonic)
