"""Brings the translations of the window in step with the sources.

python packaging/translations.py            update the .ts files, and make the .qm files of them
python packaging/translations.py --check    tell what is missing; exit code 1 if anything is

A new language: python packaging/translations.py --add fr. Translators fill in the .ts file, by hand
or with Qt Linguist; texts that have left the sources go from it, new ones are marked unfinished.

All texts are in one context, because the window looks them up by their text (see
``amtstudio/ui/translation.py``). Qt's own lupdate supports neither our helper for plurals nor
errors of the layers below the window, whose placeholders are numbered here.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
MESSAGES = FOLDER / "messages.json"
CONTEXT = "amtstudio"
# Which argument of a call is a text.
_TEXTS = {"tr": 0, "_tr": 0, "translate": 1, "QT_TRANSLATE_NOOP": 1, "counted": 2}
_PLURAL = "counted"
_NOT_SHOWN = {
    "AssertionError", "KeyError", "LookupError", "OSError", "RuntimeError", "TypeError",
    "ValueError",
}  # fmt: skip
_VERBS = {"_text", "_edit", "_joined", "_remove"}  # of session.edits: "Move" is said of n notes
_TELLING = {"warn", "_warn", "_warn_once", "on_warning", "remark", "_remark"}
_WHY = {"cpu_device", "_cuda_device", "_mps_device"}  # of the badge: the last argument
# Functions that word messages shown elsewhere: all their texts.
_WORDING = {
    "_doubt", "_in_words", "_length_remarks", "_of_pace", "_track_choice", "_warn_damage",
    "_warn_leap",
}  # fmt: skip
_REFUSING = {"beat_edits.py"}  # its refusals are shown, though they are only ValueErrors
_STEPS = {
    "_step", "_set_passages", "_set_pedals", "_set_tags", "_shown_as", "_listed", "of", "Command",
}  # fmt: skip
_NOT_TOLD = ("formats", "on_warning")
_FEWEST_LETTERS = 5  # of a message beside its gaps


@dataclass
class Texts:
    """The texts to translate, in the order of the sources."""

    plain: dict[str, None] = field(default_factory=dict)
    plural: dict[str, None] = field(default_factory=dict)
    messages: dict[str, None] = field(default_factory=dict)  # of errors and steps, with gaps

    @property
    def all(self) -> dict[str, None]:
        return self.plain | self.plural | self.messages


def gather() -> Texts:
    """All texts of the window, and of the layers below that it shows."""
    texts = Texts()
    paths = sorted((ROOT / "amtstudio").rglob("*.py"))
    named = {name: text for path in paths for name, text in _named_texts(path)}
    for path in paths:
        layer = path.relative_to(ROOT / "amtstudio").parts[0]
        if layer == "cli":
            continue
        for call in _calls(path):
            name = _name(call)
            place = _TEXTS.get(name)
            if place is not None and len(call.args) > place:
                found = texts.plural if name == _PLURAL else texts.plain
                found.update(dict.fromkeys(_constants(call.args[place])))
            elif name.endswith("Error") if layer == "ui" else (layer, name) != _NOT_TOLD:
                call.args = [_looked_up(node, named) for node in call.args]
                for word in call.keywords:
                    word.value = _looked_up(word.value, named)
                texts.messages.update(dict.fromkeys(_messages(call, name, path.name)))
        if layer != "ui":
            texts.messages.update(dict.fromkeys(_worded(path)))
        if path.parent.name == "session":
            texts.messages.update(dict.fromkeys(_steps(path)))
    texts.plain.update(dict.fromkeys(_tables()))
    return texts


def _named_texts(path: Path) -> Iterator[tuple[str, str]]:
    """The constants of a module that are texts, such as ``NO_DEVICE``."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Name) and isinstance(node.value.value, str):
                    yield target.id, node.value.value


def _looked_up(node: ast.expr, named: dict[str, str]) -> ast.expr:
    """The text that a name stands for, in the place of the name."""
    if isinstance(node, ast.Name) and node.id.isupper() and node.id in named:
        return ast.Constant(named[node.id])
    return node


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _constants(node: ast.expr) -> list[str]:
    """The texts that an argument may be: gaps of f-strings are numbered."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value] if node.value.strip() else []
    if isinstance(node, ast.IfExp):
        return _constants(node.body) + _constants(node.orelse)
    if isinstance(node, ast.JoinedStr):
        text, n_gaps, was_gap = "", 0, False
        for part in node.values:
            is_gap = not isinstance(part, ast.Constant)
            if isinstance(part, ast.Constant):
                text += str(part.value)
            elif not was_gap:  # adjacent placeholders are one gap
                text, n_gaps = f"{text}{{{n_gaps}}}", n_gaps + 1
            was_gap = is_gap
        return [text]
    return []


def _messages(call: ast.Call, name: str, file: str = "") -> Iterator[str]:
    is_shown = name.endswith("Error") and (name not in _NOT_SHOWN or file in _REFUSING)
    if not (is_shown or name in _TELLING | _WHY):
        return
    nodes = call.args[-1:] if name in _WHY else call.args[:1]
    nodes += [word.value for word in call.keywords if word.arg == "hint"]
    for node in nodes:
        yield from (text for text in _constants(node) if _is_told(text))
        if name in _TELLING:
            yield from _words_in_gaps(node)


def _worded(path: Path) -> Iterator[str]:
    """Texts that are worded in one place and shown in another."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes: list[ast.AST] = list(tree.body) if path.name in _REFUSING else []
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in _WORDING:
            nodes += ast.walk(function)
    for node in nodes:
        if isinstance(node, ast.Assign | ast.Return) and node.value is not None:
            listed = node.value.elts if isinstance(node.value, ast.List) else [node.value]
            for text in (text for part in listed for text in _constants(part)):
                if text[:1].isalpha() or _is_told(text):
                    yield text
            for part in listed:
                yield from _words_in_gaps(part)


def _words_in_gaps(node: ast.expr) -> Iterator[str]:
    """Of an f-string: ``low`` and ``high`` of ``{"low" if x else "high"}``."""
    for part in node.values if isinstance(node, ast.JoinedStr) else []:
        if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.IfExp):
            yield from (word for word in _constants(part.value) if word.isalpha())


def _is_told(text: str) -> bool:
    return sum(letter.isalpha() for letter in text) >= _FEWEST_LETTERS


def _steps(path: Path) -> Iterator[str]:
    """The names of edits in Undo."""
    for call in _calls(path):
        name = _name(call)
        found = [text for node in call.args for text in _constants(node) if text[:1].isupper()]
        if name in _VERBS:
            for verb in found:
                yield f"{verb} a note"
                yield f"{verb} {{0}} notes"
        elif name in _STEPS:
            yield from (text for text in found if " " in text)


def _tables() -> Iterator[str]:
    sys.path.insert(0, str(ROOT))
    from amtstudio.symbolic.families import FAMILY_TRACKS  # noqa: PLC0415
    from amtstudio.symbolic.general_midi import PROGRAM_GROUPS, PROGRAM_NAMES  # noqa: PLC0415
    from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES  # noqa: PLC0415
    from amtstudio.symbolic.percussion import PERCUSSION, percussion_name  # noqa: PLC0415

    yield from (name.replace("_", " ") for name in INSTRUMENT_CLASSES)
    yield from (track.name.replace("_", " ") for track in FAMILY_TRACKS.values())
    yield from PROGRAM_NAMES
    yield from PROGRAM_GROUPS
    yield from (percussion_name(pitch) for pitch in PERCUSSION)


# -- files ----------------------------------------------------------------------------------------


def read(path: Path) -> dict[str, list[str]]:
    """The translations of a .ts file: one, or one for each plural form; without unfinished ones."""
    if not path.exists():
        return {}
    found = {}
    for message in ET.parse(path).iter("message"):  # noqa: S314 - a file of the project
        translation = message.find("translation")
        if translation is None or translation.get("type") == "unfinished":
            continue
        forms = [form.text or "" for form in translation.iter("numerusform")]
        found[message.findtext("source", "")] = forms or [translation.text or ""]
    return found


def write(path: Path, language: str, texts: Texts, known: dict[str, list[str]]) -> None:
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for text in texts.all:
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = text
        translation = ET.SubElement(message, "translation")
        forms = known.get(text, [])
        if text in texts.plural:
            message.set("numerus", "yes")
            for form in forms or ["", ""]:
                ET.SubElement(translation, "numerusform").text = form
        elif forms:
            translation.text = forms[0]
        if not forms:
            translation.set("type", "unfinished")
    ET.indent(root, space=" ")
    data = ET.tostring(root, encoding="unicode")
    path.write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{data}\n', encoding="utf-8"
    )


def release(path: Path) -> None:
    """Make the file that the program reads."""
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    command = [str(tool), "-silent", str(path), "-qm", str(path.with_suffix(".qm"))]
    subprocess.run(command, check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="change nothing, tell what is missing")
    parser.add_argument("--add", metavar="LANGUAGE", help="begin one, such as fr")
    arguments = parser.parse_args()
    texts = gather()
    paths = sorted(FOLDER.glob("amtstudio_*.ts"))
    if arguments.add:
        paths.append(FOLDER / f"amtstudio_{arguments.add}.ts")
    is_complete = True
    for path in paths:
        known = read(path)
        missing = [text for text in texts.all if text not in known]
        print(f"{path.name}: {len(texts.all) - len(missing)} of {len(texts.all)} texts")
        is_complete &= not missing
        if arguments.check:
            print(*missing, sep="\n")
        else:
            write(path, path.stem.partition("_")[2], texts, known)
            release(path)
    if not arguments.check:
        text = json.dumps(list(texts.messages), indent=1, ensure_ascii=False)
        MESSAGES.write_text(text + "\n", encoding="utf-8")
    return 0 if is_complete or not arguments.check else 1


if __name__ == "__main__":
    sys.exit(main())
