"""What `deploy/` holds is understood by whom it is for."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from services.base.settings import ROOT, Settings

DEPLOY = ROOT / "deploy"
COMMAND = "/opt/smartmenu/.venv/bin/smartmenu"


def _units() -> list[Path]:
    return sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])


def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not on this machine")
    for unit in _units():
        # The command is not installed here, and its folder is not there.
        text = unit.read_text(encoding="utf-8").replace(COMMAND, "/bin/true")
        text = re.sub(r"^WorkingDirectory=.*$", "WorkingDirectory=/", text, flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    files = [str(tmp_path / unit.name) for unit in _units()]
    told = subprocess.run(
        [tool, "verify", "--man=no", *files], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")


def test_units_start_commands_that_there_are() -> None:
    from smartmenu.command import app

    known = {one.name or one.callback.__name__ for one in app.registered_commands if one.callback}
    started = {
        line.partition(f"{COMMAND} ")[2].split()[0]
        for unit in DEPLOY.glob("*.service")
        for line in unit.read_text(encoding="utf-8").splitlines()
        if line.startswith("ExecStart=")
    }
    assert started == {"run", "worker", "backup"}
    assert started <= known


def test_the_example_and_the_readme_name_every_setting_and_no_other() -> None:
    text = (DEPLOY / "smartmenu.env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#? ?(SMARTMENU_[A-Z_]+)=", text, flags=re.MULTILINE))
    known = {f"SMARTMENU_{name.upper()}" for name in Settings.model_fields}
    assert named == known
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| Setting (")[2]
    rows = table.partition("\n\n")[0].splitlines()[2:]
    told = {
        f"SMARTMENU_{name}"
        for row in rows
        for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])
    }
    assert told == known


def test_what_compose_starts_is_reachable_from_this_machine_alone() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert "\t" not in text
    assert re.findall(r"ports: \[(.*)\]", text) == [
        '"127.0.0.1:5432:5432"',
        '"127.0.0.1:6379:6379"',
    ]
    # No password has a default.
    assert re.findall(r"\$\{[A-Z_]*PASSWORD(.*?)\}", text) == [":?set it"] * 3
