"""Durations on staff screens: the server's first value, which the browser then keeps going."""

from datetime import datetime

from services.base.staff_texts import TIMES
from services.base.texts import translate
from state.staff.access import LANGUAGE


def minutes_since(moment: datetime, now: datetime) -> int:
    """Whole minutes that have passed; 0 for a moment that a slow clock puts into the future."""
    return max(0, int((now - moment).total_seconds() // 60))


def duration_text(minutes: int) -> str:
    """As in "now", "12 min", "1 h 35". The same rules stand in assets/staff.js."""
    if minutes < 1:
        return translate(LANGUAGE, TIMES["now"])
    if minutes < 60:
        return translate(LANGUAGE, TIMES["minutes"], minutes=minutes)
    return translate(LANGUAGE, TIMES["hours"], h=minutes // 60, mm=f"{minutes % 60:02d}")
