"""`python -m benchmarks [name ...]`: measure, print, and keep what was measured in RESULTS.md."""

import sys
from collections.abc import Callable

from benchmarks import (
    floor_editor,
    menu_in_browser,
    menu_over_http,
    orders_to_screens,
    report,
    starting,
)
from benchmarks.report import Section

BENCHMARKS: dict[str, Callable[[], Section]] = {
    # First, because it builds the pages anew.
    "starting": starting.measure,
    "menu-in-browser": menu_in_browser.measure,
    "floor-editor": floor_editor.measure,
    "orders-to-screens": orders_to_screens.measure,
    "menu-over-http": menu_over_http.measure,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all of them.

    Returns:
        0 when every target was met, else 1.
    """
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"Unknown: {', '.join(sorted(unknown))}. There are: {', '.join(BENCHMARKS)}.")
        return 2
    missed = 0
    for name in names or list(BENCHMARKS):
        section = BENCHMARKS[name]()
        print(section.markdown(), flush=True)
        # Kept at once: a later benchmark that fails takes nothing with it.
        report.write([section])
        missed += sum(figure.is_met is False for figure in section.figures)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
