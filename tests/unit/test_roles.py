"""What docs/roles.md promises of each role is what the code allows."""

from pathlib import Path

from models.enums import Role
from services.accounts.types import PERMISSIONS, Permission

PAGE = Path(__file__).parents[2] / "docs" / "roles.md"


def _promised() -> tuple[list[str], dict[str, dict[str, bool]]]:
    """The columns' roles, and what each permission's row says of them."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    roles = rows[0][1:5]
    table = [row for row in rows if row[0].startswith("`") and len(row) == 6]
    return roles, {
        row[0].strip("`"): {
            role: {"yes": True, "–": False}[cell]
            for role, cell in zip(roles, row[1:5], strict=True)
        }
        for row in table
    }


def test_the_page_and_the_code_say_the_same() -> None:
    roles, promised = _promised()
    assert sorted(roles) == sorted(Role)
    allowed = {
        str(permission): {role: permission in PERMISSIONS[Role(role)] for role in roles}
        for permission in Permission
    }
    assert promised == allowed


def test_the_kitchen_sees_no_guest_and_a_waiter_no_money_contact_or_file() -> None:
    of_guests = {
        Permission.SERVE_CUSTOMERS,
        Permission.VIEW_CUSTOMERS,
        Permission.VIEW_CONTACTS,
        Permission.EDIT_CUSTOMERS,
        Permission.EXPORT_CUSTOMERS,
        Permission.ERASE_CUSTOMERS,
    }
    assert PERMISSIONS[Role.KITCHEN] & of_guests == set()
    assert PERMISSIONS[Role.WAITER] & of_guests == {Permission.SERVE_CUSTOMERS}
    assert of_guests - PERMISSIONS[Role.MANAGER] == {Permission.ERASE_CUSTOMERS}
    assert of_guests <= PERMISSIONS[Role.OWNER]
