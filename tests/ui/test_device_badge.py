"""What the status bar tells of the device and the model."""

from amtstudio.ui.transcribe.device_badge import DeviceBadge
from amtstudio.workbench.transcribing import AUTO, EngineInfo


def test_the_badge_names_the_model_as_the_menu_does(qtbot):
    badge = DeviceBadge()
    qtbot.addWidget(badge)
    badge.set_info(EngineInfo(AUTO, "cpu", "CPU", "there is no GPU", 2))
    assert badge.text() == "CPU, 2 threads · Automatic"
    assert "Model: Automatic" in badge.reason
