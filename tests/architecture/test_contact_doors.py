"""Contact data is decrypted in few places, and each of them asks what the guest allows."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Who may open contact data, and by which right.
DOORS = {
    # Every reader of a customer's details goes through these two, which ask `purposes.may`.
    "services/privacy/contact_data.py": "asks may: staff's screens and files, guests' own",
    "services/identity/details.py": "the function itself",
    # A delivery address, in the guest's own file alone: the caller requires OWN_DATA first.
    "services/privacy/export_rows.py": "guests' own file",
    # Given for one order, shown to who brings it (Purpose.SERVE).
    "services/ordering/deliveries.py": "addresses of orders",
    # Given for one booking, shown to who keeps the book: needs no agreement (Purpose.SERVE).
    "services/reservations/contacts.py": "bookings",
    # Compares numbers to forget them.
    "services/privacy/erasing.py": "erasing",
    # A sender is the installation's own: whom messages go to, never shown to a restaurant.
    "services/whatsapp/senders.py": "whoever wrote to the platform's number",
    "services/whatsapp/sending.py": "what is said to them",
    # What was said, not who said it; a number only through `contact_data`.
    "services/whatsapp/threads.py": "a restaurant's own conversations",
    # Tries whether the key that is there opens anything; shows nothing of it.
    "services/privacy/key_mark.py": "the mark of the key",
    "services/base/secrets.py": "the function itself",
}


def _opens(path: Path) -> bool:
    names = {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name | ast.Attribute)
    }
    return bool(names & {"decrypt", "read_details"})


def test_nobody_else_opens_contact_data() -> None:
    rooms = ("services", "state", "components", "pages", "smartmenu")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    found = {str(path.relative_to(ROOT)) for path in files if _opens(path)}
    assert found == set(DOORS)
