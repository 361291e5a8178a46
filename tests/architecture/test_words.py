"""Every word that staff screens offer is used somewhere: what nobody reads is not kept."""

import ast
from collections.abc import Iterator
from pathlib import Path

from services.base import customer_texts, owner_texts, staff_texts
from services.base.settings import ROOT

# Words by something's value, looked up whole: states, events, reasons.
LOOKED_UP = ("_WORDS", "_ICONS", "_TONES", "_REASONS", "_REFUSALS")
ROOMS = ("components", "pages", "state", "services")


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
    return whole, begin, end


def test_every_word_of_staff_screens_is_used() -> None:
    whole, begin, end = _used()
    unused = [
        f"{Path(str(module.__file__)).stem}.{name}: {key}"
        for module in (staff_texts, owner_texts, customer_texts)
        for name, words in vars(module).items()
        if name.isupper() and isinstance(words, dict) and not name.endswith(LOOKED_UP)
        for key in words
        if key not in whole
        and not any(key.startswith(one) for one in begin)
        and not any(key.endswith(one) for one in end)
    ]
    assert unused == []
