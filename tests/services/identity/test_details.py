"""What guests give: checked by field, encrypted, removed when emptied."""

import pytest
import sqlalchemy as sa

from models.customers import Customer
from models.enums import ConsentLevel
from services.base.database import transaction
from services.base.errors import ForbiddenError, InvalidInputError
from services.base.secrets import encrypt
from services.identity import details
from services.identity.types import GivenDetails
from tests import builders
from tests.builders.arrivals import agree, arrive
from tests.builders.moments import NOW
from tests.services.identity.rooms import room

ANA = GivenDetails(
    name="  Ana   Kowalska ",
    email=" Ana@Example.org ",
    phone="030 901820",
    birthday_month=2,
    birthday_day=29,
)


async def test_details_are_kept_encrypted_and_an_empty_form_removes_them(database: object) -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        guest = (await agree(session, info, (await arrive(session, info, "p")).guest)).guest
        kept = await details.give_details(session, restaurant=info, guest=guest, details=ANA)
        customer = (await session.scalars(sa.select(Customer))).one()
        read = details.read_details(customer)
        stored = (customer.name_encrypted, customer.email_encrypted, customer.phone_hash)
        found = customer.email_hash == details.email_hash("ANA@example.ORG", restaurant_id=info.id)
        await details.give_details(session, restaurant=info, guest=guest, details=GivenDetails())
    assert kept == read == GivenDetails("Ana Kowalska", "Ana@Example.org", "+4930901820", 2, 29)
    assert found
    assert all(stored)
    assert "Ana" not in str(stored)
    assert details.read_details(customer) == GivenDetails()
    assert (customer.name_encrypted, customer.email_hash, customer.phone_hash) == (None,) * 3
    assert customer.phone_shared_with_restaurant is False


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (GivenDetails(name="x" * 61), "name"),
        (GivenDetails(name="\N{GRINNING FACE}" * 60), "name"),
        (GivenDetails(email="ana"), "email"),
        (GivenDetails(email="ana@example"), "email"),
        (GivenDetails(email="ana@exa mple.org"), "email"),
        (GivenDetails(email="ana@example..org"), "email"),
        (GivenDetails(email="a@b@example.org"), "email"),
        (GivenDetails(email="ana@example.org\nBcc: x@y.zz"), "email"),
        (GivenDetails(phone="12"), "phone"),
        (GivenDetails(phone="call me"), "phone"),
        (GivenDetails(phone="+999 123456789"), "phone"),
        (GivenDetails(birthday_month=2, birthday_day=30), "birthday"),
        (GivenDetails(birthday_month=13, birthday_day=1), "birthday"),
        (GivenDetails(birthday_month=5), "birthday"),
        (GivenDetails(birthday_day=5), "birthday"),
    ],
)
async def test_what_cannot_be_is_refused_by_field_and_nothing_is_stored(
    given: GivenDetails, field: str, sqlite_database: object
) -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        guest = (await agree(session, info, (await arrive(session, info, "p")).guest)).guest
        with pytest.raises(InvalidInputError) as refused:
            await details.give_details(session, restaurant=info, guest=guest, details=given)
        customer = (await session.scalars(sa.select(Customer))).one()
    assert refused.value.field == field
    assert details.read_details(customer) == GivenDetails()


async def test_a_guest_who_is_not_remembered_gives_nothing(sqlite_database: object) -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        nobody = (await arrive(session, info, "phone-1")).guest
        known = (await agree(session, info, nobody)).guest
        with pytest.raises(ForbiddenError):
            await details.give_details(session, restaurant=info, guest=nobody, details=ANA)
        await agree(session, info, known, level=ConsentLevel.ESSENTIAL, now=NOW)
        # The page still holds the guest it was drawn for.
        with pytest.raises(ForbiddenError):
            await details.give_details(session, restaurant=info, guest=known, details=ANA)


async def test_the_longest_name_fits_its_column(database: object) -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        guest = (await agree(session, info, (await arrive(session, info, "p")).guest)).guest
        name = "\N{ARABIC LETTER AIN}" * 60
        await details.give_details(
            session, restaurant=info, guest=guest, details=GivenDetails(name=name)
        )
        customer = (await session.scalars(sa.select(Customer))).one()
    assert details.read_details(customer).name == name
    assert len(customer.name_encrypted or "") <= 400


async def test_names_that_were_given_before_names_had_hashes_are_found_again(
    database: object,
) -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        other = await builders.make_restaurant(session)
        mine = {"restaurant_id": restaurant.id}
        old = [
            await builders.make_customer(
                session, restaurant=restaurant, name_encrypted=encrypt(name, **mine)
            )
            for name in ("Ana Ruiz", "Ben")
        ]
        lost = await builders.make_customer(
            session,
            restaurant=restaurant,
            name_encrypted=encrypt("x", restaurant_id=other.id),
        )
        await builders.make_customer(session, restaurant=restaurant)
        counts = [
            await details.hash_old_names(session, restaurant_id=restaurant.id, limit=2)
            for _ in range(3)
        ]
    assert counts == [2, 1, 0]
    assert [one.name_hash for one in old] == [
        details.name_hash(name, **mine) for name in ("ana ruiz", "Ben")
    ]
    assert lost.name_hash == "unreadable"
