"""The order tables are printed in; no session, clock or I/O."""

import re


def natural_key(text: str) -> list[tuple[int, int, str]]:
    """Sorts as people count: 2 before 10, B2 before B10, numbers before letters."""
    parts = re.findall(r"\d+|\D+", text.casefold())
    return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts]
