"""Rules of the house that no type checker knows."""

import ast
import importlib
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

from services.base.settings import ROOT
from services.base.texts import FOLDER, languages

ROOMS = ("smartmenu", "pages", "components", "state", "services", "models")
LINES = 400
# What others wrote, and migrations: history that nobody edits.
CARRIED = ("alembic/versions/", "assets/vendor/", "reflex.lock/")
# A screen. What was longer before stands here with its length, and only ever gets shorter.
FUNCTION_LINES = 72
LONGER = {
    "pages/staff/team.py:_content": 78,
    "components/staff/card/page.py:_head": 73,
}
VAGUE = re.compile(r"(^|_)(utils?|helpers?|common|managers?|misc)(_|$)")


def _tracked() -> list[Path]:
    found = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    paths = (ROOT / name for name in found.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def _code() -> list[Path]:
    return [path for path in _tracked() if path.suffix == ".py"]


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_imports_keep_their_direction() -> None:
    command = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_app_knows_every_page_and_every_state_and_no_second_sqlite() -> None:
    """In a process of its own: what the web process imports, and what it must not.

    A second SQLite in one process voids the locks of the first and destroys the file.
    """
    command = "import smartmenu.smartmenu, sys; print(*sorted(sys.modules), sep=chr(10))"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    wanted = {
        _module(path) for path in _code() if path.relative_to(ROOT).parts[0] in {"pages", "state"}
    }
    assert wanted - loaded == set()
    assert {name for name in loaded if name.startswith("adbc")} == set()
    # Models are fitted in a process of their own; their libraries take a second and 100 MB. What
    # only a download needs waits for the first.
    heavy = {"scipy", "sklearn", "polars", "numpy", "xlsxwriter", "setuptools", "distutils"}
    assert {name.split(".")[0] for name in loaded} & heavy == set()


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    """Python, sheets and scripts, tests and tools too."""
    written = [
        name
        for path in _tracked()
        if path.suffix in {".py", ".css", ".js", ".jsx"}
        and not (name := path.relative_to(ROOT).as_posix()).startswith(CARRIED)
    ]
    assert {"assets/staff.css", "assets/guest.js", "tests/conftest.py"} <= set(written)
    long = {
        name: count
        for name in written
        if (count := len((ROOT / name).read_text(encoding="utf-8").splitlines())) > LINES
    }
    assert long == {}


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Of a function without its head and its docstring."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_every_function_fits_a_screen() -> None:
    rooms = [path for path in _code() if path.relative_to(ROOT).parts[0] in ROOMS]
    long: dict[str, int] = {}
    for path in rooms:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{path.relative_to(ROOT)}:{node.name}"
                if (count := _body_lines(node)) > FUNCTION_LINES:
                    long[name] = count
    assert long == LONGER


def test_names_of_files_say_what_is_in_them() -> None:
    assert [str(path) for path in _code() if VAGUE.search(path.stem)] == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    """Neither folders of somebody's machine nor addresses of package registries."""
    wrong = re.compile(
        rb"(?:/home/[a-z]+/|/Users/[A-Za-z]+/|"
        rb"https?://(?:[\w.-]*(?:pypi|python\w+ed|npm\w+|jsdelivr|unpkg)\.[a-z]+))"
    )
    text = {".py", ".toml", ".txt", ".in", ".md", ".sh", ".json", ".lock", ".ini", ".js", ".css"}
    found = {
        str(path.relative_to(ROOT)): match[0]
        for path in _tracked()
        if (path.suffix in text or path.name in {"Makefile", "run"})
        and path != Path(__file__)
        and (match := wrong.search(path.read_bytes()))
    }
    assert found == {}


def _marked() -> list[tuple[str, str]]:
    """Every sentence inside `N_(...)`, with the file it stands in."""
    found = []
    for path in _code():
        if path.relative_to(ROOT).parts[0] not in ROOMS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
                assert len(node.args) == 1, f"{path}:{node.lineno}"
                found.append((f"{path.name}:{node.lineno}", ast.literal_eval(node.args[0])))
    return found


def _facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_marked_sentence_can_be_filled_with_named_facts() -> None:
    marked = _marked()
    assert len(marked) > 300
    wrong = [(where, one) for where, one in marked if not all(map(str.isidentifier, _facts(one)))]
    assert wrong == []


@pytest.mark.parametrize("language", languages()[1:])
def test_translations_hold_the_facts_of_their_sentences(language: str) -> None:
    from babel.messages.pofile import read_po

    with (FOLDER / f"{language}.po").open("rb") as handle:
        catalogue = read_po(handle, locale=language)
    wrong = []
    for message in catalogue:
        pairs = (
            [(message.id, message.string)]
            if isinstance(message.id, str)
            else [(message.id[-1], form) for form in message.string]
        )
        for sentence, translated in pairs:
            # A form for one or two of something may say the number in words.
            missing = _facts(translated) - _facts(sentence) if translated else set()
            lost = isinstance(message.id, str) and translated and _facts(sentence)
            if missing or (lost and _facts(translated) != _facts(sentence)):
                wrong.append((sentence, translated))
    assert wrong == []


def test_every_room_can_be_imported() -> None:
    for path in _code():
        if path.relative_to(ROOT).parts[0] in {"services", "models"}:
            assert importlib.import_module(_module(path)).__doc__
