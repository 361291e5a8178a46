"""Every rule of a sheet is for something that a page draws."""

import re
from pathlib import Path

import pytest

from services.base.settings import ROOT

ASSETS = ROOT / "assets"
ROOMS = ("smartmenu", "pages", "components", "state", "services")
# Names that are put together where they are used: a word and a number, a kind, a column, a tier.
COMPOSED = re.compile(
    r"ic-\d+|w\d|c\d|d\d|bx-\w+|c-\w+|o-\w+|t-\w+|tier-\w+|fe-[aks]-\w+|react-flow.*"
)


def _words() -> set[str]:
    """Every word in our code and scripts: a class that is used is one of them."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*")]
    files += ASSETS.glob("*.js")
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in files
        if path.suffix in {".py", ".js", ".jsx"} and path.is_file()
    )
    return set(re.findall(r"[A-Za-z_][\w-]*", text))


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
