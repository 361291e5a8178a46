"""In what order a guest's phone hears of the scripts of a page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smartmenu.http import shell as module
from smartmenu.http.shell import LARGE_BYTES

SIZES = {"small.js": 200, "large.js": LARGE_BYTES, "larger.js": LARGE_BYTES + 1}
HTML = (
    '<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/>'
    + "".join(f'<link rel="modulepreload" href="/assets/{name}"/>' for name in SIZES)
    + '</head><body class="x"><script type="module">start()</script></body></html>'
)


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    (tmp_path / "assets").mkdir()
    for name, size in SIZES.items():
        (tmp_path / "assets" / name).write_bytes(b"x" * size)
    (tmp_path / module.SHELL_FILE).write_text(HTML, encoding="utf-8")
    monkeypatch.setattr(module, "CLIENT_FOLDER", tmp_path)
    module.shell.cache_clear()
    yield
    module.shell.cache_clear()


def test_what_takes_longest_is_named_first_and_each_file_once() -> None:
    page = module.shell().page(
        language="ar",
        direction="rtl",
        head="<title>Menu</title>",
        first_paint="<main></main>",
        first="<first>",
        later="<later>",
    )
    order = [
        '<html lang="ar" dir="rtl"><head>',
        *("/assets/larger.js", "/assets/large.js", "<first>", "<meta charSet", "<title>"),
        *("</head><body><smart-first-paint>", "<main>", "/assets/small.js", "<later>"),
        *("</smart-first-paint><script", "</html>"),
    ]
    places = [page.index(part) for part in order]
    assert places == sorted(places)
    assert page.count("modulepreload") == len(SIZES)
