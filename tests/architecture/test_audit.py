"""The audit of packages: a few at a time, never failing for want of an answer."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from services.base.settings import ROOT

PINS = "\n".join(f"package-{one:02}==1.{one} \\\n    --hash=sha256:00" for one in range(20))


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script, with made-up pins and nobody to ask."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / "scripts" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ANSWERS", tmp_path / "audit.json")
    monkeypatch.setattr(module, "ACCEPTED", tmp_path / "accepted.txt")
    monkeypatch.setattr(module, "_pinned", lambda: PINS)
    monkeypatch.setattr(module, "ask_browser", list)
    monkeypatch.setattr(sys, "argv", ["audit.py"])
    return module


def _answers(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, holes: dict[str, list[str]]
) -> list[list[str]]:
    asked: list[list[str]] = []

    def answer(pins: list[str], *, seconds: float) -> dict[str, list[str]]:
        asked.append(pins)
        return {pin: holes.get(pin, []) for pin in pins}

    monkeypatch.setattr(audit, "ask_python", answer)
    return asked


def test_a_few_are_asked_for_a_day_until_all_have_been(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _answers(audit, monkeypatch, {})
    now = 1_700_000_000.0
    for _day in range(4):
        monkeypatch.setattr(audit.time, "time", lambda now=now: now)
        assert audit.main() == 0
        # A second check of the same day asks nobody.
        assert audit.main() == 0
        now += 86_401
    assert [len(pins) for pins in asked] == [8, 8, 4]
    assert len({pin for pins in asked for pin in pins}) == 20


def test_a_known_hole_fails_every_check_until_it_is_closed_or_accepted(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _answers(audit, monkeypatch, {"package-03==1.3": ["PYSEC-2026-1"]})
    assert audit.main() == 1
    assert "package-03==1.3: PYSEC-2026-1" in capsys.readouterr().out
    monkeypatch.setattr(audit, "ask_python", lambda *_, **__: pytest.fail("asked twice"))
    assert audit.main() == 1
    audit.ACCEPTED.write_text("# why\nPYSEC-2026-1 only with a server we do not run\n")
    assert audit.main() == 0
    audit.ACCEPTED.unlink()
    monkeypatch.setattr(audit, "_pinned", lambda: PINS.replace("==1.3 ", "==1.31 "))
    assert audit.main() == 0


def test_a_registry_that_does_not_answer_fails_nothing_and_is_left_alone_for_a_day(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(audit, "ask_python", lambda pins, **_: asked.append(len(pins)) or {})
    monkeypatch.setattr(audit, "ask_browser", lambda: None)
    assert audit.main() == 0
    assert audit.main() == 0
    assert asked == [8]
    assert "said nothing of 9 of 9" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("program", "wanted"),
    [
        ("raise SystemExit(1)", {"silent": True}),
        ("print('<html>')", {"silent": True}),
        ("import time; time.sleep(30)", {"silent": True}),
        ("print('{\"a\": 1}'); raise SystemExit(1)", {"a": 1}),
    ],
)
def test_whatever_a_client_says_only_json_is_an_answer(
    audit: ModuleType, program: str, wanted: dict[str, object]
) -> None:
    assert audit._run([sys.executable, "-c", program], seconds=5, folder=ROOT) == wanted


def test_every_pin_of_the_lock_is_understood(audit: ModuleType) -> None:
    lock = (ROOT / "requirements" / "app.txt").read_text(encoding="utf-8")
    found = dict(audit._PIN.findall(lock))
    assert found["reflex"] == "0.10.1"
    assert len(found) == sum("==" in line for line in lock.splitlines() if line[:1].isalnum())
