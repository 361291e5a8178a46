"""Every rule of a sheet is for something that a page draws, and every token for a rule."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.base.settings import ROOT

ASSETS = ROOT / "assets"
ROOMS = ("smartmenu", "pages", "components", "state", "services")
# Names that are put together where they are used: a word and a number, a kind, a column, a tier.
COMPOSED = re.compile(
    r"ic-\d+|w\d|c\d|d\d|h\d|bx-\w+|c-\w+|o-\w+|t-\w+|tier-\w+|fe-[aks]-\w+|react-flow.*"
)
# The window of a floor plan: "--v" and x, y, w or h.
COMPOSED_VALUES = {"vx", "vy", "vw", "vh"}
QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`")


def _literals(path: Path) -> Iterator[str]:
    """What a file says in quotes; names of its own are no classes."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from ("".join(found) for found in QUOTED.findall(text))
        return
    tree = ast.parse(text)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def _words() -> set[str]:
    """Every word in quotes in our code and scripts: a class that is used is one of them."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*")]
    files += ASSETS.glob("*.js")
    return {
        word
        for path in files
        if path.suffix in {".py", ".js", ".jsx"} and path.is_file()
        for text in _literals(path)
        for word in re.findall(r"[A-Za-z_][\w-]*", text)
    }


def _classes(sheet: Path) -> set[str]:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    selectors = [one for one in re.findall(r"([^{}]+)\{", text) if not one.strip().startswith("@")]
    names = re.sub(r'"[^"]*"', "", " ".join(selectors))
    return set(re.findall(r"\.([A-Za-z_][\w-]*)", names))


@pytest.fixture(scope="module")
def words() -> set[str]:
    return _words()


@pytest.mark.parametrize("sheet", sorted(ASSETS.glob("*.css")), ids=lambda path: path.name)
def test_no_rule_is_for_a_class_that_nothing_has(sheet: Path, words: set[str]) -> None:
    dead = {name for name in _classes(sheet) - words if not COMPOSED.fullmatch(name)}
    assert dead == set()


def _used() -> set[str]:
    """Names of custom properties that some sheet asks for."""
    sheets = "\n".join(path.read_text(encoding="utf-8") for path in ASSETS.glob("*.css"))
    return set(re.findall(r"var\(\s*--([\w-]+)", sheets))


def _set(path: Path) -> set[str]:
    return set(re.findall(r"(?<![\w-])--([\w-]+)\s*:", path.read_text(encoding="utf-8")))


def test_every_token_is_used(words: set[str]) -> None:
    """By a rule, or by a script that draws."""
    assert _set(ASSETS / "tokens.css") - _used() - words == set()


def test_no_rule_asks_for_a_value_that_nobody_sets(words: set[str]) -> None:
    """A fallback would hide it: a colour that no theme changes."""
    own = {name for path in ASSETS.glob("*.css") for name in _set(path)}
    scripted = {word.removeprefix("--") for word in words}
    assert _used() - own - scripted == COMPOSED_VALUES
