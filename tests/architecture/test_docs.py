"""Pages can be found: an index names each one, and nothing leads to a page that is gone."""

import re
from pathlib import Path

import pytest

from services.base.settings import ROOT

DOCS = ROOT / "docs"
ROOMS = ("smartmenu", "pages", "components", "state", "services", "models", "tests", "benchmarks")
LINK = re.compile(r"\[([^\]]+)\]\(([^)#:]+)(?:#[^)]*)?\)")
# In the code: docs/algorithms/value.md, "Spend", "Fitting"
NAMED = re.compile(r"docs/([\w./-]+\.md)((?:,\s+\"[^\"]+\")*)")


def _written() -> list[Path]:
    return [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]


def _heads(page: Path) -> set[str]:
    return set(re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("folder", ["decisions", "algorithms"])
def test_the_index_of_a_folder_names_every_page_by_its_title(folder: str) -> None:
    pages = sorted(path for path in (DOCS / folder).glob("*.md") if path.name != "README.md")
    titles = [
        (re.sub(r"^# (?:\d+\. )?", "", page.read_text(encoding="utf-8").splitlines()[0]), page.name)
        for page in pages
    ]
    index = (DOCS / folder / "README.md").read_text(encoding="utf-8")
    assert LINK.findall(index) == titles


def test_every_link_between_pages_leads_somewhere() -> None:
    lost = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in _written()
        for _, target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert lost == []


def test_every_page_and_section_that_the_code_names_is_there() -> None:
    named = [
        (path, DOCS / page, re.findall(r'"([^"]+)"', sections))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for page, sections in NAMED.findall(path.read_text(encoding="utf-8"))
        if path != Path(__file__)
    ]
    assert len(named) > 40
    lost = [
        f"{path.relative_to(ROOT)}: {page.name} {section}"
        for path, page, sections in named
        for section in sections or [""]
        if not page.is_file() or (section and section not in _heads(page))
    ]
    assert lost == []
