"""`python -m benchmarks [name ...]`: measure, print, and keep what was measured in RESULTS.md.

`--customers 100000` measures on the big demo, made once and kept in the temporary folder, or in
`--kept FOLDER`.
"""

import argparse
import sys
from collections.abc import Callable

from benchmarks import (
    big_demo,
    connect_storm,
    crm,
    dashboards,
    floor_changes,
    floor_editor,
    guest_sockets,
    history,
    loyalty,
    machine,
    menu_in_browser,
    menu_over_http,
    models,
    nights,
    orders_to_screens,
    placing_orders,
    report,
    room_analytics,
    size,
    soak,
    starting,
    whatsapp,
)
from benchmarks.report import Section

BENCHMARKS: dict[str, Callable[[], Section]] = {
    # First, because it builds the pages anew.
    "starting": starting.measure,
    "menu-in-browser": menu_in_browser.measure,
    "floor-editor": floor_editor.measure,
    "floor-changes": floor_changes.measure,
    "orders-to-screens": orders_to_screens.measure,
    "menu-over-http": menu_over_http.measure,
    "placing-orders": placing_orders.measure,
    "history": history.measure,
    "crm": crm.measure,
    "loyalty": loyalty.measure,
    "dashboards": dashboards.measure,
    "room-analytics": room_analytics.measure,
    "whatsapp": whatsapp.measure,
    "guest-sockets": guest_sockets.measure,
    "connect-storm": connect_storm.measure,
    "models": models.measure,
    "night": nights.measure,
}
# Too long to run among the others: `make soak`, and `make bench ARGS=big-demo`.
ALONE: dict[str, Callable[[], Section]] = {"soak": soak.measure, "big-demo": big_demo.measure}


def main(words: list[str]) -> int:
    """Run the named benchmarks, or all of them.

    Returns:
        0 when every target was met, else 1.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks", allow_abbrev=False)
    known = BENCHMARKS | ALONE
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(known))
    parser.add_argument("--customers", type=int, default=size.SIZE.customers)
    parser.add_argument("--kept", default="", metavar="FOLDER", help="made before, or to keep")
    parser.add_argument("--minutes", type=float, default=soak.MINUTES, help="of the soak")
    told = parser.parse_args(words)
    unknown = set(told.names) - set(known)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}. There are: {', '.join(known)}.")
    size.choose(told.customers, told.kept)
    soak.choose(told.minutes)
    missed = 0
    for name in told.names or list(BENCHMARKS):
        shares = machine.Shares()
        section = known[name]()
        section.notes += machine.words(shares.stolen())
        print(section.markdown(), flush=True)
        # Kept at once: a later benchmark that fails takes nothing with it.
        report.write([section])
        missed += sum(figure.is_met is False for figure in section.figures)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
