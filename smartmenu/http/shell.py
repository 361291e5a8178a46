"""The built page that Reflex sends for dynamic routes, with room for what the server knows."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.base.settings import ROOT

CLIENT_FOLDER = ROOT / ".web" / "build" / "client"
SHELL_FILE = "__spa-fallback.html"
# Of every page for guests, in one <style>: another round trip before the first paint costs more.
GUEST_SHEETS = ("tokens.css", "guest.css", "guest-pages.css")
# React skips unknown elements at the start of <body> when it hydrates; it would take a <div> for
# its root.
FIRST_PAINT_TAG = "smart-first-paint"
# A phone fetches six files at a time over HTTP/1.1: what takes longest to arrive is named first.
LARGE_BYTES = 40_000
_PRELOAD = re.compile(r'<link rel="modulepreload" href="(/assets/[^"]+)"/?>')


@dataclass(frozen=True, slots=True)
class Shell:
    """The built shell, cut before </head> and after <body ...>.

    Attributes:
        head: without the links that name the scripts of all pages.
        rest: from the end of the first paint on.
        large: the links that name large scripts.
        small: those that name small ones.
    """

    head: str
    rest: str
    large: str = ""
    small: str = ""

    def page(
        self,
        *,
        language: str,
        direction: str,
        head: str,
        first_paint: str,
        first: str = "",
        later: str = "",
    ) -> str:
        """The whole page.

        Args:
            language: of the texts, for <html lang>.
            direction: "ltr" or "rtl".
            head: markup for the end of <head>.
            first_paint: markup that stands until the live page takes over.
            first: links to what a browser shall fetch for the first screen.
            later: links to what only the live page needs.
        """
        opening = self.head.replace(
            '<html lang="en">', f'<html lang="{language}" dir="{direction}">', 1
        ).replace("<head>", f"<head>{self.large}{first}", 1)
        return (
            f"{opening}{head}</head><body><{FIRST_PAINT_TAG}>{first_paint}{self.small}{later}"
            f"</{FIRST_PAINT_TAG}>{self.rest}"
        )


@cache
def shell() -> Shell:
    """The shell of this build, read once: a new build is a new process."""
    html = (CLIENT_FOLDER / SHELL_FILE).read_text(encoding="utf-8")
    head, rest = re.split(r"</head><body[^>]*>", html, maxsplit=1)
    sizes = {link[0]: _size(link[1]) for link in _PRELOAD.finditer(head)}
    largest_first = sorted(sizes, key=lambda link: -sizes[link])
    return Shell(
        head=_PRELOAD.sub("", _unblocked(head)),
        large="".join(link for link in largest_first if sizes[link] >= LARGE_BYTES),
        small="".join(link for link in largest_first if sizes[link] < LARGE_BYTES),
        rest=rest,
    )


def _size(address: str) -> int:
    return (CLIENT_FOLDER / address.removeprefix("/")).stat().st_size


def _unblocked(head: str) -> str:
    """The framework's reset inline, so that no other file stands before the first paint.

    The live page looks for its <link> and finds it. It is for print and stays so: what it says
    stands inline already, and a policy that allows no inline handlers could not switch it on.
    """
    found = re.search(r'<link href="(/assets/[^"]+\.css)" rel="stylesheet" type="text/css"/>', head)
    if found is None:
        return head
    sheet = (CLIENT_FOLDER / found[1].removeprefix("/")).read_text(encoding="utf-8")
    link = found[0].replace("/>", ' media="print"/>')
    head = head.replace(found[0], f"<style>{sheet}</style>{link}", 1)
    # Preloading it would fetch it before everything else again.
    return re.sub(r'<link as="style" href="/assets/[^"]+" rel="preload"/>', "", head)


@cache
def page_script(route: str) -> str:
    """Where the script of one page is, such as "_menu_.__slug_._index"; nothing when unknown.

    The shell names what all pages share. The browser would find a page's own script only when it
    has all of that.
    """
    found = sorted((CLIENT_FOLDER / "assets").glob(f"{route}-*.js"))
    return f"/assets/{found[0].name}" if len(found) == 1 else ""


def client_file(name: str) -> Path:
    """A file of the built client, by its name in `assets/`; while nothing is built, that one."""
    built = CLIENT_FOLDER / name
    return built if built.is_file() else ROOT / "assets" / name
