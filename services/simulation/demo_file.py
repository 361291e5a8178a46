"""What somebody needs to try the demo: addresses, log-ins and the webhook's secrets, in a file."""

import secrets
from collections.abc import Sequence
from pathlib import Path

import orjson

from services.base import addresses
from services.base.settings import demo_mail_folder, settings, whatsapp_demo_file
from services.simulation.stage import Stage

FILE_NAME = "demo.json"


def demo_file() -> Path:
    """Where the addresses and log-ins of the demo are kept."""
    return settings().data_folder / FILE_NAME


def write_demo_file(stages: Sequence[Stage]) -> Path:
    """Write demo.json, readable by its owner only: it holds passwords.

    {"base_url", "restaurant": {"slug", "name", "currency"}, "menu_url",
    "table_urls": [{"table", "area", "url"}], "logins": [{"role", "email", "password"}],
    "webhook": {"url", "verify_token", "app_secret"}}, every address absolute. A chain adds
    "branches": the same of every further restaurant.
    """
    verify_token, app_secret = _webhook_secrets()
    first, *others = [_restaurant(stage) for stage in stages]
    content = {
        "base_url": settings().public_url,
        **first,
        "webhook": {
            "url": addresses.absolute(addresses.WHATSAPP_WEBHOOK),
            "verify_token": verify_token,
            "app_secret": app_secret,
        },
        **({"branches": others} if others else {}),
    }
    path = demo_file()
    _write_private(path, content)
    return path


def _restaurant(stage: Stage) -> dict[str, object]:
    return {
        "restaurant": {"slug": stage.slug, "name": stage.name, "currency": stage.currency},
        "menu_url": addresses.absolute(addresses.menu(stage.slug)),
        "table_urls": [
            {
                "table": table.label,
                "area": stage.areas[table.area].name,
                "url": addresses.absolute(addresses.menu_at_table(stage.slug, table.code)),
            }
            for table in stage.tables
        ],
        "logins": [
            {"role": login.role, "email": login.email, "password": login.password}
            for login in stage.logins
        ],
    }


def _webhook_secrets() -> tuple[str, str]:
    """The secrets of the settings or of an earlier demo, or new ones for the server to read."""
    known = settings()
    # Its mail lies here instead of going out.
    demo_mail_folder(known.data_folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    if known.whatsapp_verify_token and known.whatsapp_app_secret:
        return known.whatsapp_verify_token, known.whatsapp_app_secret
    made = {
        "verify_token": known.whatsapp_verify_token or secrets.token_urlsafe(24),
        "app_secret": known.whatsapp_app_secret or secrets.token_hex(32),
    }
    _write_private(whatsapp_demo_file(known.data_folder), made)
    return made["verify_token"], made["app_secret"]


def _write_private(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
