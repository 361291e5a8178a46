"""Every address of the product, built in one place. Paths start with "/" and carry no personal data."""

from uuid import UUID

from services.base.settings import settings

LOGIN = "/login"
STAFF_FLOOR = "/staff/floor"
STAFF_ORDERS = "/staff/orders"
STAFF_CUSTOMERS = "/staff/customers"
STAFF_MENU = "/staff/menu"
STAFF_TABLES = "/staff/tables"
STAFF_TEAM = "/staff/team"
STAFF_SETTINGS = "/staff/settings"
AUTH_LOGIN = "/auth/login"
AUTH_LOGOUT = "/auth/logout"
WHATSAPP_WEBHOOK = "/webhooks/whatsapp"


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


def my_orders(slug: str) -> str:
    """A guest's own orders; POST places one."""
    return f"/menu/{slug}/orders"


def order_status(slug: str, order_id: UUID | str) -> str:
    """One order, live."""
    return f"/menu/{slug}/orders/{order_id}"


def privacy(slug: str) -> str:
    """What the restaurant knows about this guest."""
    return f"/menu/{slug}/privacy"


def consent(slug: str) -> str:
    """Where a guest's choice is posted."""
    return f"/menu/{slug}/consent"


def identity(slug: str) -> str:
    """Where a stored token is turned back into a cookie."""
    return f"/menu/{slug}/identity"


def events(slug: str) -> str:
    """Where the page sends its batches of events."""
    return f"/menu/{slug}/events"


def customer(customer_id: UUID | str) -> str:
    """One customer's page."""
    return f"/staff/customers/{customer_id}"


def picture(file_name: str | None) -> str:
    """A dish picture or logo; an empty string when there is none."""
    return f"/pictures/{file_name}" if file_name else ""
