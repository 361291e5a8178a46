"""What criteria may be kept: a rule or a view that is stored holds nobody's name or number."""

from services.base.texts import N_
from services.segments.criteria import leaves, parse
from services.segments.errors import InvalidCriteriaError
from services.segments.types import Criteria

# Fields whose value is somebody's contact data. It is encrypted everywhere else.
CONTACT_FIELDS = frozenset({"name", "phone", "email"})


def asks_contact(criteria: Criteria) -> bool:
    """Whether criteria look for somebody by name, number or address."""
    return any(leaf.field in CONTACT_FIELDS for leaf in leaves(criteria))


def parse_to_keep(given: object) -> Criteria:
    """Read criteria that are going to be stored.

    Raises:
        InvalidCriteriaError: they cannot be, or hold contact data in plain text.
    """
    found = parse(given)
    if asks_contact(found):
        msg = N_("A name, number or address cannot be kept in a rule or a view. Search for it.")
        raise InvalidCriteriaError(msg)
    return found
