"""The menu of help."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence

from amtstudio.ui.help.dialogs import AboutDialog, KeySheet
from amtstudio.ui.help.guide import Guide
from amtstudio.ui.help.problem_report import ProblemReport
from amtstudio.ui.logs import log_folder
from amtstudio.ui.shell import Shell


class Help(QObject):
    """Shows the guide, the keys, the logs, and what the program is made of."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        tr = self.tr
        section = shell.section("help", "guide")
        section.add(tr("&Guide"), self.show_guide, QKeySequence.StandardKey.HelpContents)
        section.add(tr("&Keyboard and Mouse"), self.show_keys, "F2")
        section = shell.section("help", "report")
        section.add(tr("&Report a Problem…"), self.show_report)
        section.add(tr("Show &Logs"), self.show_logs)
        about = shell.section("help", "about").add(tr("&About AMT Studio"), self.show_about)
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def show_guide(self) -> None:
        guide = Guide(self._shell)
        guide.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        guide.show()

    def show_keys(self) -> None:
        KeySheet(self._shell.menus.by_title, self._shell).exec()

    def show_report(self) -> None:
        ProblemReport(self._shell.device_text, self._shell).exec()

    def show_about(self) -> None:
        AboutDialog(self._shell.device_text, self._shell).exec()

    def show_logs(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))
