"""Texts that people read go through ``tr``, so that they can be translated."""

from __future__ import annotations

import ast
import re
from pathlib import Path

UI = Path(__file__).resolve().parents[2] / "amtstudio" / "ui"

# What takes a text for people, and which of its arguments that is.
_METHODS = {
    "setText": 0, "setToolTip": 0, "setStatusTip": 0, "setWhatsThis": 0, "setWindowTitle": 0,
    "setTitle": 0, "setAccessibleName": 0, "setAccessibleDescription": 0, "setPlaceholderText": 0,
    "setInformativeText": 0, "setSpecialValueText": 0, "setPrefix": 0, "setSuffix": 0,
    "showMessage": 0, "addAction": 0, "addMenu": 0, "setHtml": 0, "setMarkdown": 0,
    "addItem": 0, "addRow": 0, "addTab": 1, "setTabText": 1, "setItemText": 1, "menu": 0,
    "information": 1, "question": 1, "warning": 1, "critical": 1,
    "QLabel": 0, "QPushButton": 0, "QCheckBox": 0, "QRadioButton": 0, "QGroupBox": 0,
    "QAction": 0, "QDockWidget": 0, "QMenu": 0, "ElidedLabel": 0, "LaneLabel": 0,
}  # fmt: skip
_NAMES = {"AMT Studio", "Python"}  # the same in every language


def has_words(node: ast.expr) -> bool:
    """Whether a text with letters stands here, outside of the parts of an f-string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value not in _NAMES and re.search(r"[A-Za-z]{2}", node.value) is not None
    if isinstance(node, ast.JoinedStr):
        return any(has_words(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return has_words(node.left) or has_words(node.right)
    if isinstance(node, ast.IfExp):
        return has_words(node.body) or has_words(node.orelse)
    return False


def literals(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        place = _METHODS.get(name)
        if place is not None and len(node.args) > place and has_words(node.args[place]):
            found.append(f"{node.lineno}: {ast.unparse(node.args[place])}")
    return found


def formatted_before_translation(source: str) -> list[str]:
    """``tr(f"...")`` can never be found in a table of translations."""
    return [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("tr", "_tr", "translate")
        and any(isinstance(part, ast.JoinedStr) for part in node.args)
    ]


def test_no_text_is_shown_as_it_stands():
    sources = {path: path.read_text(encoding="utf-8") for path in UI.rglob("*.py")}
    assert sources
    found = {
        path.relative_to(UI).as_posix(): literals(source) + formatted_before_translation(source)
        for path, source in sources.items()
    }
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_the_search_finds_what_it_looks_for():
    assert literals('label.setText("Hello")') == ["1: 'Hello'"]
    assert literals('box.addTab(page, f"{n} notes")') == ["1: f'{n} notes'"]
    assert literals('QLabel("a " + name if x else "Open")') == ["1: 'a ' + name if x else 'Open'"]
    assert literals('label.setText(tr("Hello")); label.setText(f"{n} %"); QLabel("")') == []
    assert formatted_before_translation('self.tr(f"{n} notes")') == ["1: self.tr(f'{n} notes')"]
