"""Every address of the product, built in one place.

Paths start with "/" and carry no personal data.
"""

import re
from uuid import UUID

from services.base.settings import settings

LOGIN = "/login"
STAFF_FLOOR = "/staff/floor"
STAFF_FLOOR_EDIT = "/staff/floor/edit"
STAFF_REPLAY = "/staff/floor/replay"
STAFF_ROOM_STATS = "/staff/floor/analytics"
STAFF_ORDERS = "/staff/orders"
STAFF_CUSTOMERS = "/staff/customers"
STAFF_MESSAGES = "/staff/messages"
STAFF_SEGMENTS = "/staff/segments"
STAFF_MENU = "/staff/menu"
STAFF_INSIGHTS = "/staff/insights"
STAFF_COHORTS = "/staff/cohorts"
STAFF_MODELS = "/staff/models"
STAFF_RESERVATIONS = "/staff/reservations"
STAFF_RESERVATION_SETTINGS = "/staff/reservations/settings"
STAFF_TABLES = "/staff/tables"
STAFF_CODES = "/staff/codes"
STAFF_TEAM = "/staff/team"
STAFF_SETTINGS = "/staff/settings"
STAFF_PRIVACY = "/staff/settings/privacy"
STAFF_RESTAURANTS = "/staff/restaurants"
STAFF_VERIFY = "/staff/loyalty/verify"
STAFF_DASHBOARD = "/staff/dashboard"
STAFF_EXECUTIVE = "/staff/executive"
STAFF_LOYALTY = "/staff/loyalty"
STAFF_PROGRAMME = "/staff/loyalty/programme"
STAFF_REWARDS = "/staff/loyalty/rewards"
STAFF_PICTURES = "/staff/pictures"
AUTH_LOGIN = "/auth/login"
AUTH_LOGOUT = "/auth/logout"
AUTH_RESTAURANT = "/auth/restaurant"
WHATSAPP_WEBHOOK = "/webhooks/whatsapp"
PLATFORM_WHATSAPP = "/platform/whatsapp"
WHATSAPP_PHONE = "/dev/whatsapp"

# Longest sides of the smaller copies: a dish row at two pixels a point, and a tile.
PICTURE_SIZES = (216, 480)
_PICTURE = re.compile(r"(dishes|demo)/[a-z0-9-]+\.svg|pictures/[0-9a-f-]{36}/[A-Za-z0-9_-]+\.webp")


def absolute(path: str) -> str:
    """A path as an address that works from outside."""
    return f"{settings().public_url}{path}"


def menu(slug: str) -> str:
    """The guest's menu."""
    return f"/menu/{slug}"


def menu_at_table(slug: str, table_code: str) -> str:
    """What a table's QR code holds: the table implies its area."""
    return f"/menu/{slug}?table={table_code}"


def menu_in_area(slug: str, area_code: str) -> str:
    """What an area's QR code holds."""
    return f"/menu/{slug}?area={area_code}"


def menu_by_general_code(slug: str, general_code: str) -> str:
    """What a code of the whole restaurant holds: its scans are counted, nobody is seated."""
    return f"/menu/{slug}?general={general_code}"


def menu_by_campaign(slug: str, campaign_code: str, category_id: UUID | None = None) -> str:
    """What a campaign's code holds; the section it opens is the browser's matter."""
    section = f"#s-{category_id}" if category_id is not None else ""
    return f"/menu/{slug}?campaign={campaign_code}{section}"


def reward_code(code: str) -> str:
    """What the picture of a reward's code holds: a waiter's camera opens the page that takes it."""
    return absolute(f"{STAFF_VERIFY}?code={code}")


def my_orders(slug: str) -> str:
    """A guest's own orders; POST places one."""
    return f"/menu/{slug}/orders"


def order_status(slug: str, order_id: UUID | str) -> str:
    """One order, live."""
    return f"/menu/{slug}/orders/{order_id}"


def privacy(slug: str) -> str:
    """What the restaurant knows about this guest."""
    return f"/menu/{slug}/privacy"


def my_data(slug: str, kind: str) -> str:
    """Everything about the guest who asks, as a file; kind is "json" or "pdf"."""
    return f"/menu/{slug}/privacy/data.{kind}"


def rewards(slug: str) -> str:
    """A guest's points and rewards; POST takes one."""
    return f"/menu/{slug}/rewards"


def invitation(slug: str, invite_code: str) -> str:
    """What a guest sends to a friend."""
    return absolute(f"{menu(slug)}?friend={invite_code}")


def policy(slug: str) -> str:
    """What the restaurant keeps, for how long and why."""
    return f"/menu/{slug}/policy"


def consent(slug: str) -> str:
    """Where a guest's choice is posted."""
    return f"/menu/{slug}/consent"


def recovery_link(slug: str, code: str) -> str:
    """What the picture of a recovery code holds; servers and their logs never see the fragment."""
    return absolute(f"{privacy(slug)}#code={code}")


def reserve(slug: str) -> str:
    """Where a guest books a table; POST books."""
    return f"/menu/{slug}/reserve"


def wait(slug: str) -> str:
    """Where a guest joins the waitlist; POST joins."""
    return f"/menu/{slug}/wait"


def reservation(token: str) -> str:
    """A guest's own reservation: to see and to cancel. The token is all that opens it."""
    return f"/reservation/{token}"


def cancel_reservation(token: str) -> str:
    """Where a guest cancels."""
    return f"/reservation/{token}/cancel"


def reservation_calendar(token: str) -> str:
    """The reservation as a calendar's file."""
    return f"/reservation/{token}/calendar.ics"


def wait_place(token: str) -> str:
    """A guest's place in the queue. The token is all that opens it."""
    return f"/wait/{token}"


def leave_wait(token: str) -> str:
    """Where a guest leaves the queue."""
    return f"/wait/{token}/leave"


def customer(customer_id: UUID | str) -> str:
    """One customer's page."""
    return f"/staff/customers/{customer_id}"


def customers_export() -> str:
    """Where the form of a download of guests is posted."""
    return f"{STAFF_CUSTOMERS}/export"


def segment(segment_id: UUID | str) -> str:
    """One segment's page."""
    return f"{STAFF_SEGMENTS}/{segment_id}"


def customer_data(customer_id: UUID | str, kind: str) -> str:
    """Everything about one guest, as a file for them; kind is "json" or "pdf"."""
    return f"/staff/customers/{customer_id}/data.{kind}"


def erasure(erasure_id: UUID | str, kind: str) -> str:
    """The certificate of an erasure; kind is "json" or "pdf"."""
    return f"{STAFF_PRIVACY}/erasures/{erasure_id}.{kind}"


def members(segment: UUID | str) -> str:
    """The guest list of one segment, by its key or id."""
    return f"{STAFF_CUSTOMERS}?segment={segment}"


def layout_pdf(layout_id: UUID | str) -> str:
    """One layout of the floor, ready to print."""
    return f"{STAFF_FLOOR_EDIT}/{layout_id}.pdf"


def codes_pdf() -> str:
    """Stickers of all tables, ready to print."""
    return f"{STAFF_TABLES}/codes.pdf"


def room_csv() -> str:
    """The figures of all tables as a file; `from` and `to` are business days."""
    return f"{STAFF_ROOM_STATS}/tables.csv"


def staff_report(kind: str) -> str:
    """A dashboard or a report: "dashboard", "executive", "customers", "visits", ..."""
    if kind in {"dashboard", "executive"}:
        return f"/staff/{kind}"
    return f"/staff/reports/{kind}"


def report_file(kind: str, ending: str) -> str:
    """A dashboard or a report as a file: "csv", "xlsx" or "pdf"; the query names its days."""
    return f"/staff/reports/{kind}.{ending}"


def cohorts_file(kind: str) -> str:
    """Cohorts as a file, "csv" or "xlsx"; the query says by what."""
    return f"{STAFF_COHORTS}/cohorts.{kind}"


def models_file(kind: str) -> str:
    """What models say as a file, "csv" or "xlsx"; the query may name one table."""
    return f"{STAFF_MODELS}/models.{kind}"


def codes_print() -> str:
    """Chosen codes as stickers, tents or posters; the query says which."""
    return f"{STAFF_CODES}/print.pdf"


def codes_zip() -> str:
    """Chosen codes as pictures and drawings; the query says which."""
    return f"{STAFF_CODES}/pictures.zip"


def code_picture(code_id: UUID | str, kind: str) -> str:
    """One code as a file; kind is "png" or "svg"."""
    return f"{STAFF_TABLES}/codes/{code_id}.{kind}"


def picture(file_name: str | None, *, width: int | None = None) -> str:
    """The address of a dish's picture or a logo; an empty string when there is none.

    One rule: what a `picture_file` or `logo_file` column holds is the address without its first
    slash. "dishes/burrata.svg" and "demo/logo.svg" ship with SmartMenu as assets;
    "pictures/{restaurant}/{random}.webp" lies under that very path in the data folder, with smaller
    copies "{random}-216.webp" and "{random}-480.webp" beside it. Anything else is no picture.

    Args:
        file_name: as stored.
        width: a smaller copy, one of `PICTURE_SIZES`; drawings have none and are given whole.
    """
    if not file_name or not is_picture(file_name):
        return ""
    stem, _, ending = file_name.rpartition(".")
    if width is None or ending == "svg":
        return f"/{file_name}"
    return f"/{stem}-{width}.{ending}"


def is_picture(file_name: str) -> bool:
    """Whether a stored name follows the rule of `picture`."""
    return _PICTURE.fullmatch(file_name) is not None
