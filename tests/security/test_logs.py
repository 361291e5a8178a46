"""What the log holds after an evening with everything that goes wrong: nobody's words."""

import logging
import re
import subprocess
import sys

import pytest
import sqlalchemy as sa

from models.enums import Role
from services.base.database import reading
from services.base.settings import ROOT as ROOT_FOLDER
from services.jobs import runner
from services.jobs.types import Job
from smartmenu.reports import report, report_failure, report_frontend
from tests.security.sockets import open_sockets
from tests.security.test_outages import BOARD, CART, DISH
from tests.security.test_routes import OURS, browser
from tests.security.worlds import make_world

ROOT = "reflex___state____state"
TEAM = f"{ROOT}.state___staff___team____team_state"
SECRETS = {
    "name": "Persephone Quill",
    "email": "persephone.quill@example.com",
    "phone": "+49 30 90182034",
    "note": "birthday of my wife Calliope",
    "query": "table=SECRETCODE",
}


@pytest.mark.usefixtures("sqlite_database")
async def test_nobody_s_words_are_in_the_log(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    # This test's own browser tells what it asks for.
    caplog.set_level(logging.WARNING, logger="httpx")
    world = await make_world()
    form = {"form": SECRETS | {"role": "waiter"}}
    async with open_sockets() as sockets:
        guest = sockets.tab(
            cookie=world.guest_cookie, path=f"/menu/{world.slug}?{SECRETS['query']}"
        )
        owner = sockets.tab(cookie=world.staff_cookie(Role.OWNER), path="/staff/team")
        await guest.send(CART + ".set_note", {"note": SECRETS["note"]})
        # Payloads the framework cannot convert, which it would quote.
        await guest.send(DISH + ".open", {"dish_id": SECRETS["phone"]})
        await owner.send(BOARD + ".accept", {"order_id": SECRETS["name"]})
        await owner.send(TEAM + ".add", form)
        await owner.send(TEAM + ".add", {"form": [SECRETS["email"]]})
        await owner.send(TEAM + ".setvar", {"var_name": SECRETS["name"], "value": 1})
    async with browser(world.guest_cookie) as client:
        for path in ("consent", "identity", "events", "orders", "recover"):
            await client.post(f"/menu/{world.slug}/{path}", headers=OURS, json=SECRETS)
        await client.get(f"/staff/orders?{SECRETS['query']}")
        await client.post(
            "/auth/login", headers=OURS, data={"email": SECRETS["email"], "password": "open"}
        )
    logged = caplog.text + "".join(capsys.readouterr())
    told = [*SECRETS.values(), "SECRETCODE", "open_sesame", guest.token, owner.token]
    told += [person.token for person in world.people.values()]
    told += [part.partition("=")[2] for part in world.guest_cookie.split("; ")]
    assert [word for word in told if word in logged] == []
    # Something was logged all the same: where payloads did not fit, and the closed door.
    assert "_prepare_event_payload" in logged
    assert "event without a door" in logged


def test_an_error_s_number_kinds_and_places_are_logged_without_its_message(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        try:
            int(SECRETS["name"])
        except ValueError as error:
            raise RuntimeError(SECRETS["email"]) from error
    except RuntimeError as error:
        number = report_failure("request failed", error)
        report(error)
    logged = capsys.readouterr().out
    assert re.fullmatch("[0-9a-f]{6}", number)
    assert number in logged
    assert "RuntimeError from ValueError" in logged
    assert "test_logs.py:" in logged
    assert [word for word in SECRETS.values() if word in logged] == []


def test_what_a_browser_says_of_its_own_error_is_only_its_kind(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report_frontend(Exception(f"TypeError: {SECRETS['email']} is not a function\n at x.js:1"))
    report_frontend(Exception("\n\x1b[31mnothing of a kind"))
    logged = capsys.readouterr().out
    assert "TypeError" in logged
    assert "unknown" in logged
    assert SECRETS["email"] not in logged
    assert "nothing of a kind" not in logged


def test_the_framework_s_lines_keep_their_place_and_lose_their_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    import smartmenu.smartmenu  # noqa: F401 - wires the filters

    try:
        int(SECRETS["phone"])
    except ValueError:
        logging.getLogger("asyncio").exception("Task of %s failed", SECRETS["name"])
    logging.getLogger("reflex.app").warning("Event data: %s", SECRETS)
    assert "ValueError at test_logs.py" in caplog.text
    assert "reflex.app.test_the_framework_s_lines" in caplog.text
    assert [word for word in SECRETS.values() if word in caplog.text] == []


def test_the_server_writes_no_access_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """An access log would hold the socket's address, and with it the token of every tab."""
    from smartmenu import serving

    commands: list[list[str]] = []
    monkeypatch.setattr(serving.os, "execv", lambda _path, command: commands.append(command))
    monkeypatch.setattr(serving.os, "environ", {})
    serving.serve()
    assert "--no-access-log" in commands[0]


@pytest.mark.usefixtures("sqlite_database")
async def test_a_job_that_fails_over_somebody_leaves_no_trace_of_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def fail(_now: object) -> None:
        name = SECRETS["name"]
        raise ValueError(f"{name} at {SECRETS['email']} could not be told")

    await runner.tick(Job("tell", 60, fail), by="here")
    async with reading() as session:
        kept = str(await session.scalar(sa.text("SELECT last_error FROM job_claims")))
    logged = capsys.readouterr().out
    assert "ValueError" in logged
    assert kept.startswith("ValueError at test_logs.py:")
    assert [word for word in SECRETS.values() if word in logged + kept] == []


def test_whatever_logs_an_exception_tells_neither_its_words_nor_its_variables() -> None:
    """The default of the library draws a box with the values of all variables."""
    program = (
        "from services.base import logs; import structlog, logging\n"
        f"logs.configure(as_json=False)\nsecret = {SECRETS['phone']!r}\n"
        "try: int(secret)\n"
        "except ValueError:\n"
        "    structlog.get_logger().exception('it failed')\n"
        "    logging.getLogger('some.library').exception('so did this')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT_FOLDER, capture_output=True, text=True, check=True
    )
    told = done.stdout + done.stderr
    assert told.count("ValueError") == 2
    assert "it failed" in told
    assert "so did this" in told
    assert SECRETS["phone"] not in told
