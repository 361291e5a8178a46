"""The floor plan's editor is written in another language: its words are checked as text."""

import re

from services.base.plan_texts import PLAN
from services.base.settings import ROOT

FOLDER = ROOT / "components" / "staff" / "floor_editor"
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js*")}
SCRIPT = "\n".join(SOURCES.values())
BY_NAME = set(re.findall(r"\btexts\.(\w+)", SCRIPT))
# texts[`align_${how}`], and named(texts, "type", keys).
PREFIXES = {f"{one}_" for one in re.findall(r'named\(texts, "(\w+)"', SCRIPT)} | set(
    re.findall(r"texts\[`(\w+_)\$\{", SCRIPT)
)
# texts[kind], texts[key]: kinds of things, and groups of what publishing changes.
BY_VALUE = {"wall", "plant", "text", "picture", "area", "draw"} | {
    f"{change}_{what}" for change in ("new", "changed", "gone") for what in ("tables", "areas")
}


def test_every_word_the_editor_asks_for_is_there() -> None:
    assert BY_NAME - set(PLAN) == set()
    assert BY_VALUE - set(PLAN) == set()


def test_every_word_that_is_there_is_asked_for() -> None:
    unused = {
        key
        for key in set(PLAN) - BY_NAME - BY_VALUE
        if not any(key.startswith(prefix) for prefix in PREFIXES)
    }
    assert unused == set()


def test_the_editor_imports_only_its_own_modules_react_and_the_canvas() -> None:
    found = set(re.findall(r'from "([^"]+)"|import "([^"]+)"', SCRIPT))
    modules = {one or other for one, other in found}
    own = {name for name in modules if name.startswith("./")}
    assert {name.removeprefix("./") for name in own} <= set(SOURCES)
    assert modules - own == {"@xyflow/react", "@xyflow/react/dist/base.css", "react"}


def test_no_module_of_the_editor_is_longer_than_four_hundred_lines() -> None:
    assert {name for name, text in SOURCES.items() if text.count("\n") > 400} == set()
