import pytest

from amtstudio.decoding import DecodingSettings


def test_card_names_heads_and_leaves_the_rest_at_their_defaults():
    settings = DecodingSettings.from_card({"onset": 0.4, "frame": 0.6}, onset_shift_s=-0.01)
    assert settings == DecodingSettings(0.4, 0.6, onset_shift_s=-0.01)


def test_card_may_name_other_settings_too():
    settings = DecodingSettings.from_card({"onset": 0.4, "minimum_duration_s": 0.05})
    assert settings == DecodingSettings(0.4, minimum_duration_s=0.05)


def test_card_with_an_unknown_setting_is_refused():
    with pytest.raises(ValueError, match="decoding knows no setting 'onsets'"):
        DecodingSettings.from_card({"onsets": 0.4})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("onset_threshold", 1.1, r"onset_threshold must lie in \[0, 1\], got 1.1"),
        ("pedal_threshold", float("nan"), "pedal_threshold must lie"),
        ("offset_threshold", -0.1, "offset_threshold must lie"),
        ("repeat_threshold", 1.5, "repeat_threshold must lie"),
        ("minimum_duration_s", -1.0, "minimum_duration_s must not be negative"),
        ("onset_half_width", 0, "onset_half_width must be 1 or more"),
        ("onset_shift_s", float("inf"), "onset_shift_s must be finite"),
        ("release_s", float("nan"), "release_s must be finite"),
        ("velocity_at_64", 20.0, "velocity curve must rise"),
        ("velocity_at_96", 130.0, "velocity curve must rise"),
    ],
)
def test_settings_that_mean_nothing_are_refused(name, value, message):
    with pytest.raises(ValueError, match=message):
        DecodingSettings(**{name: value})


def test_what_older_programs_do_not_know_is_written_only_where_it_was_set():
    later = {"release_s", "velocity_at_32", "melody_only", "repeat_threshold"}
    assert not later & set(DecodingSettings().to_plain())
    settings = DecodingSettings(release_s=0.02, velocity_at_64=70.0, repeat_threshold=0.6)
    plain = settings.to_plain()
    assert (plain["release_s"], plain["velocity_at_64"]) == (0.02, 70.0)
    assert DecodingSettings.from_plain(plain) == settings
