"""Name, phone, e-mail and birthday as staff may see them: what the guest's choice leaves."""

from dataclasses import dataclass, replace

from models.customers import Customer
from services.base.texts import N_
from services.identity.details import read_details
from services.identity.types import GivenDetails
from services.privacy.purposes import Purpose, Standing, may

NOTHING = GivenDetails()


@dataclass(frozen=True, slots=True)
class ContactData:
    """What may be shown, and in `withheld` a sentence when something is kept back.

    The sentence is a message id; it is empty for a guest who has given nothing.
    """

    given: GivenDetails = NOTHING
    withheld: str = ""


def contact_data(customer: Customer, standing: Standing | None) -> ContactData:
    """The contact data of one customer, as far as `may` lets it out.

    Args:
        customer: whose.
        standing: what they have agreed to, read at this moment.
    """
    given = read_details(customer)
    if given == NOTHING:
        return ContactData()
    answer = may(standing, Purpose.SHARE_CONTACT)
    if not answer.is_allowed:
        return ContactData(withheld=answer.reason)
    if given.phone and not customer.phone_shared_with_restaurant:
        return ContactData(replace(given, phone=""), N_("This guest shares no phone number."))
    return ContactData(given)


def own_data(customer: Customer, standing: Standing | None) -> GivenDetails:
    """The same for the guest themselves, on their page and in their file."""
    is_theirs = may(standing, Purpose.OWN_DATA).is_allowed
    return read_details(customer) if is_theirs else NOTHING
