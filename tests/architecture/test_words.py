"""Every word that staff screens offer is used somewhere: what nobody reads is not kept."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from services.base.settings import ROOT

# Words by something's value, looked up whole: states, events, reasons.
LOOKED_UP = ("_WORDS", "_ICONS", "_TONES", "_REASONS", "_REFUSALS")
ROOMS = ("components", "pages", "state", "services", "smartmenu")
# Pieces that get their words whole and name them with a dot: `words.undo`, `t.undo`.
PIECES = (
    ("components", "*.jsx"),
    ("components", "*.js"),
    ("assets", "*.js"),
    ("services", "*.typ"),
)


def _trees() -> Iterator[ast.AST]:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if not path.stem.endswith("_texts"):
                yield ast.parse(path.read_text(encoding="utf-8"))


def _used() -> tuple[set[str], set[str], set[str]]:
    """Words named in the code; and how names begin and end that are put together there."""
    whole: set[str] = set()
    begin: set[str] = set()
    end: set[str] = set()
    for tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
                if node.value.endswith("_"):
                    begin.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                first, last = node.values[0], node.values[-1]
                if isinstance(first, ast.Constant) and str(first.value).endswith("_"):
                    begin.add(str(first.value))
                if isinstance(last, ast.Constant) and str(last.value).startswith("_"):
                    end.add(str(last.value))
    for room, kind in PIECES:
        for path in (ROOT / room).rglob(kind):
            text = path.read_text(encoding="utf-8")
            whole.update(re.findall(r"[.\"'](\w+)", text))
            begin.update(re.findall(r"[\"'`](\w+_)[$\"']", text))
            begin.update(f"{kind}_" for kind in re.findall(r'named\(\w+, "(\w+)"', text))
    return whole, begin, end


def _texts() -> list[ModuleType]:
    """All modules of words: one that is added is read too."""
    names = sorted(path.stem for path in (ROOT / "services/base").glob("*_texts.py"))
    assert "staff_texts" in names
    return [import_module(f"services.base.{name}") for name in names]


def test_every_word_of_staff_screens_is_used() -> None:
    whole, begin, end = _used()
    unused = [
        f"{Path(str(module.__file__)).stem}.{name}: {key}"
        for module in _texts()
        for name, words in vars(module).items()
        if name.isupper() and isinstance(words, dict) and not name.endswith(LOOKED_UP)
        for key in words
        if key not in whole
        and not any(key.startswith(one) for one in begin)
        and not any(key.endswith(one) for one in end)
    ]
    assert not unused, "\n".join(unused)


def test_every_list_of_words_is_named_somewhere() -> None:
    """Its keys may be other lists' too: "title" is used whoever asks for it."""
    named = {
        node.id
        if isinstance(node, ast.Name)
        else node.attr
        if isinstance(node, ast.Attribute)
        else ""
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if not isinstance(node, ast.Name) or isinstance(node.ctx, ast.Load)
    }
    lists = {
        name
        for module in _texts()
        for name, words in vars(module).items()
        if name.isupper() and isinstance(words, dict)
    }
    assert lists
    assert lists - named == set()
