"""What the built scripts say when they connect, so that a page can say it before they are there."""

import json
import re

from services.base.settings import ROOT
from smartmenu.http.shell import HELLO_FILE

WEB = ROOT / ".web"
_SAID = {
    "state": re.compile(r'^export const state_name = "([\w.]+)"$', re.MULTILINE),
    "schema": re.compile(r'^export const stateSchema = "(\w+)"$', re.MULTILINE),
    "hashes": re.compile(r'^export const initialStateHashes = \[("[\w", ]+")\]$', re.MULTILINE),
    # The page says nothing of what a browser has stored: nothing of ours is.
    "": re.compile(
        r"^export const clientStorage = "
        r'\{"cookies": \{\}, "local_storage": \{\}, "session_storage": \{\}\}$',
        re.MULTILINE,
    ),
}


def keep_hello() -> None:
    """Write it beside the build that was just made."""
    said = hello_of(
        (WEB / "utils" / "context.jsx").read_text(encoding="utf-8"),
        version=json.loads((WEB / "reflex.json").read_text(encoding="utf-8"))["version"],
    )
    (WEB / "build" / HELLO_FILE).write_text(json.dumps(said), encoding="utf-8")


def hello_of(context: str, *, version: str) -> dict[str, str]:
    """The parts of the first message, by the names they have in the page.

    Args:
        context: the script that the compiler writes for this app's states.
        version: of Reflex, which the socket names as its protocol.

    Raises:
        SystemExit: Reflex writes it differently now.
    """
    found = {name: pattern.search(context) for name, pattern in _SAID.items()}
    if not all(found.values()):
        msg = "The script of the states says hello in a way this build step does not know."
        raise SystemExit(msg)
    said = {name: match[1] for name, match in found.items() if name and match}
    said["hashes"] = " ".join(json.loads(f"[{said['hashes']}]"))
    return {**said, "version": version}
