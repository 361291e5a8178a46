"""The least that sends the same bytes: Starlette under granian, no database, no framework.

The folder in BENCH_FOLDER holds what is answered: `pages.json` maps an address to a file, a content
type and an encoding. Everything is in memory before the first request.
"""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.installation import free_port, running, wait_until_ready
from services.base.settings import ROOT

FOLDER = "BENCH_FOLDER"


@dataclass(frozen=True, slots=True)
class BareFile:
    """One address and the bytes it answers with."""

    address: str
    content: bytes
    media_type: str
    encoding: str = ""


def app() -> Starlette:
    """The ASGI app that granian starts."""
    folder = Path(os.environ[FOLDER])
    told = json.loads((folder / "pages.json").read_text(encoding="utf-8"))
    return Starlette(routes=[_route(folder, entry) for entry in told])


def _route(folder: Path, entry: dict[str, str]) -> Route:
    content = (folder / entry["file"]).read_bytes()
    headers = {"content-encoding": entry["encoding"]} if entry["encoding"] else {}
    media_type = entry["media_type"]

    async def answer(_request: Request) -> Response:
        return Response(content, media_type=media_type, headers=headers)

    return Route(entry["address"], answer)


@contextlib.contextmanager
def bare_server(folder: Path, files: list[BareFile]) -> Iterator[str]:
    """Serve some files as barely as Python does; gives the base address.

    Args:
        folder: empty, for the files.
        files: what is answered; "/ready" is added.
    """
    told = []
    for number, file in enumerate([*files, BareFile("/ready", b"ok", "text/plain")]):
        (folder / str(number)).write_bytes(file.content)
        told.append(
            {
                "address": file.address,
                "file": str(number),
                "media_type": file.media_type,
                "encoding": file.encoding,
            }
        )
    (folder / "pages.json").write_text(json.dumps(told), encoding="utf-8")
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "asgi"),
        *("--factory", "benchmarks.bare_server:app", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--no-access-log", "--log-level", "warning"),
    ]
    environment = os.environ | {FOLDER: str(folder), "PYTHONPATH": str(ROOT)}
    with running(command, environment):
        base_url = f"http://127.0.0.1:{port}"
        wait_until_ready(f"{base_url}/ready")
        yield base_url
