"""A reservation as a file that calendars read (RFC 5545, iCalendar)."""

from datetime import UTC, datetime

from services.reservations.types import Reservation

# Lines end after 75 octets; what is longer goes on in the next, after a blank (section 3.1).
LINE_OCTETS = 75


def calendar_file(
    reservation: Reservation, *, title: str, place: str, link: str, now: datetime
) -> str:
    """The file's text. Times are UTC, so that a calendar anywhere shows the right hour.

    Args:
        reservation: what is put down.
        title: of the entry, in the guest's language.
        place: the restaurant's name.
        link: where it can be seen and cancelled.
        now: aware UTC; when the file was made.
    """
    is_off = not reservation.status.holds_tables
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//SmartMenu//Reservations//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        # The same entry whenever the file is fetched: a calendar moves it, and adds no second.
        f"UID:{reservation.id}@smartmenu",
        f"DTSTAMP:{_stamp(now)}",
        f"DTSTART:{_stamp(reservation.starts_at)}",
        f"DTEND:{_stamp(reservation.ends_at)}",
        f"SUMMARY:{_escaped(title)}",
        f"LOCATION:{_escaped(place)}",
        f"DESCRIPTION:{_escaped(link)}",
        f"URL:{link}",
        f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """TEXT of section 3.3.11: backslash, semicolon, comma and line break are written with one."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    parts: list[str] = []
    current = ""
    for sign in line:
        room = LINE_OCTETS if not parts else LINE_OCTETS - 1
        if len((current + sign).encode()) > room:
            parts.append(current)
            current = ""
        current += sign
    return "\r\n ".join([*parts, current])
