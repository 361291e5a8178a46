"""Roles, permissions and the person who acts."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from models.enums import Role


class Permission(StrEnum):
    """One thing that somebody may be allowed to do."""

    VIEW_FLOOR = "view_floor"
    WORK_FLOOR = "work_floor"
    VIEW_REVENUE = "view_revenue"
    VIEW_ORDERS = "view_orders"
    WORK_ORDERS = "work_orders"
    SWITCH_SOLD_OUT = "switch_sold_out"
    PAUSE_ORDERING = "pause_ordering"
    # A guest's card as far as service needs it: allergies, favourites, visits, notes.
    SERVE_CUSTOMERS = "serve_customers"
    # What guests write to the restaurant, and answers; their numbers only with VIEW_CONTACTS.
    ANSWER_MESSAGES = "answer_messages"
    # Everybody's list, what they spend, segments, insights, choices, merges.
    VIEW_CUSTOMERS = "view_customers"
    # Names, phone numbers, e-mail addresses, birthdays.
    VIEW_CONTACTS = "view_contacts"
    EDIT_CUSTOMERS = "edit_customers"
    EXPORT_CUSTOMERS = "export_customers"
    ERASE_CUSTOMERS = "erase_customers"
    EDIT_MENU = "edit_menu"
    EDIT_TABLES = "edit_tables"
    PRINT_CODES = "print_codes"
    EDIT_TEAM = "edit_team"
    EDIT_SETTINGS = "edit_settings"
    # The installation's own pages: no role of a restaurant has it.
    OPERATE = "operate"
    # The rules of points and the rewards: what guests are promised.
    EDIT_LOYALTY = "edit_loyalty"


_SERVICE = frozenset({Permission.VIEW_ORDERS, Permission.WORK_ORDERS, Permission.SWITCH_SOLD_OUT})
# Whether more can be cooked is for the kitchen to say.
_KITCHEN = _SERVICE | {Permission.PAUSE_ORDERING}
_WAITER = _SERVICE | {
    Permission.VIEW_FLOOR,
    Permission.WORK_FLOOR,
    Permission.PRINT_CODES,
    Permission.SERVE_CUSTOMERS,
    Permission.ANSWER_MESSAGES,
}
_OWNER = frozenset(Permission) - {Permission.OPERATE}
# Erasing cannot be taken back, and points are money: both are the owner's.
_MANAGER = _OWNER - {
    Permission.EDIT_SETTINGS,
    Permission.ERASE_CUSTOMERS,
    Permission.EDIT_LOYALTY,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: _OWNER,
    Role.MANAGER: _MANAGER,
    Role.WAITER: _WAITER,
    Role.KITCHEN: _KITCHEN,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is logged in and acts for one restaurant."""

    user_id: UUID
    session_id: UUID
    restaurant_id: UUID
    name: str
    role: Role
    is_operator: bool = False

    def can(self, permission: Permission) -> bool:
        """Whether this person's role allows it; the installation is the operator's."""
        if permission is Permission.OPERATE:
            return self.is_operator
        return permission in PERMISSIONS[self.role]
