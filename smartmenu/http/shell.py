"""The built page that Reflex sends for dynamic routes, with room for what the server knows."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.base.settings import ROOT

CLIENT_FOLDER = ROOT / ".web" / "build" / "client"
SHELL_FILE = "__spa-fallback.html"
# React skips unknown elements at the start of <body> when it hydrates; it would take a <div> for
# its root.
FIRST_PAINT_TAG = "smart-first-paint"


@dataclass(frozen=True, slots=True)
class Shell:
    """The built shell, cut before </head> and after <body ...>."""

    head: str
    rest: str

    def page(self, *, language: str, direction: str, head: str, first_paint: str) -> str:
        """The whole page.

        Args:
            language: of the texts, for <html lang>.
            direction: "ltr" or "rtl".
            head: markup for the end of <head>.
            first_paint: markup that stands until the live page takes over.
        """
        opening = self.head.replace(
            '<html lang="en">', f'<html lang="{language}" dir="{direction}">', 1
        )
        return (
            f"{opening}{head}</head><body>"
            f"<{FIRST_PAINT_TAG}>{first_paint}</{FIRST_PAINT_TAG}>{self.rest}"
        )


@cache
def shell() -> Shell:
    """The shell of this build, read once: a new build is a new process."""
    html = (CLIENT_FOLDER / SHELL_FILE).read_text(encoding="utf-8")
    # Preloading every module competes with the first pictures on a slow line; the entry imports
    # them anyway.
    head, rest = re.split(r"</head><body[^>]*>", html, maxsplit=1)
    return Shell(head=head, rest=rest)


def client_file(name: str) -> Path:
    """A file of the built client, by its name in `assets/`."""
    return CLIENT_FOLDER / name
