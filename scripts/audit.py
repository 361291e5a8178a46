"""Ask the registries whether what is pinned has known holes; `make check` runs it.

A few releases are asked for at a time, those whose answer is oldest: a check stays quick, and the
whole list comes round within days. What is known from earlier fails the check all the same. A
registry that does not answer, or does not tell, fails nothing. `make audit` asks for all at once.

Accepted holes stand in requirements/accepted-risks.txt, one "ID reason" a line.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ANSWERS = Path(sys.prefix) / "audit.json"
ACCEPTED = ROOT / "requirements" / "accepted-risks.txt"
BROWSER = "npm packages"
A_TIME, DAY, FRESH_SECONDS = 8, 86_400, 7 * 86_400
PYTHON_SECONDS, BROWSER_SECONDS = 15, 10
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
# By release: when it was asked for, and the holes that were told; None when nothing was told.
Answers = dict[str, dict[str, Any]]


def main() -> int:
    """Ask, remember, tell; 1 when a hole is known that nobody has accepted."""
    asks_all = "--all" in sys.argv
    pins = {f"{name}=={version}" for name, version in _PIN.findall(_pinned())}
    known = {key: value for key, value in _read().items() if key in {*pins, BROWSER}}
    now = time.time()
    asks_browser = asks_all or _is_due(known.get(BROWSER), now)
    wanted = _oldest(pins, known, now, most=len(pins) if asks_all else A_TIME)
    if wanted:
        seconds = PYTHON_SECONDS * max(1, len(wanted) // A_TIME)
        told = ask_python(wanted, seconds=seconds)
        # Also without an answer: who does not answer today is not asked again before tomorrow.
        known |= {pin: {"at": now, "holes": told.get(pin)} for pin in wanted}
    if asks_browser:
        known[BROWSER] = {"at": now, "holes": ask_browser()}
    ANSWERS.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
    return _tell(known)


def _oldest(pins: set[str], known: Answers, now: float, *, most: int) -> list[str]:
    asked = {pin: float(known[pin]["at"]) for pin in pins if pin in known}
    if most <= A_TIME and any(at > now - DAY for at in asked.values()):
        # One small round a day.
        return []
    due = [pin for pin in pins if _is_due(known.get(pin), now)]
    return sorted(due, key=lambda pin: (asked.get(pin, 0.0), pin))[:most]


def _is_due(answer: dict[str, Any] | None, now: float) -> bool:
    if answer is None:
        return True
    return now - float(answer["at"]) > (DAY if answer["holes"] is None else FRESH_SECONDS)


def ask_python(pins: list[str], *, seconds: float) -> dict[str, list[str]]:
    """Holes by release, of those the registry knows; empty when it does not answer."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "pins.txt"
        wanted.write_text("\n".join(pins), encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "-r", str(wanted), "--no-deps"]
        command += ["--disable-pip", "--format=json", "--progress-spinner=off", "--timeout=5"]
        answer = _run(command, seconds=seconds, folder=ROOT)
    return {
        f"{one['name']}=={one['version']}": [hole["id"] for hole in one["vulns"]]
        for one in answer.get("dependencies", [])
        if "vulns" in one
    }


def ask_browser() -> list[str] | None:
    """Holes of the packages that are built into the pages; None when the registry is silent."""
    bun = Path(sys.executable).with_name("bun")
    answer = _run(
        [str(bun), "audit", "--json"], seconds=BROWSER_SECONDS, folder=ROOT / "reflex.lock"
    )
    if "silent" in answer:
        return None
    return sorted(
        str(hole.get("url", "")).rpartition("/")[2] or f"{package}: {hole.get('title', '?')}"
        for package, holes in answer.items()
        if isinstance(holes, list)
        for hole in holes
    )


def _run(command: list[str], *, seconds: float, folder: Path) -> dict[str, Any]:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False
        )
        answer = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return {"silent": True}
    return answer if isinstance(answer, dict) else {"silent": True}


def _tell(known: Answers) -> int:
    accepted = _accepted()
    open_holes = [
        f"{pin}: {hole}"
        for pin, answer in sorted(known.items())
        for hole in answer["holes"] or ()
        if hole not in accepted
    ]
    for line in open_holes:
        print("Known hole:", line)
    if open_holes:
        print("Update it (make lock ARGS=--upgrade), or accept it with a reason in", ACCEPTED.name)
        return 1
    silent = sum(answer["holes"] is None for answer in known.values())
    if silent:
        print(f"Audit: the registry said nothing of {silent} of {len(known)} releases asked for.")
    return 0


def _accepted() -> set[str]:
    lines = ACCEPTED.read_text(encoding="utf-8").splitlines() if ACCEPTED.is_file() else []
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def _pinned() -> str:
    return (ROOT / "requirements" / "app.txt").read_text(encoding="utf-8")


def _read() -> Answers:
    try:
        return json.loads(ANSWERS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


if __name__ == "__main__":
    sys.exit(main())
