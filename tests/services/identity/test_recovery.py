"""A recovery code moves a record to a new phone: once, and not by guessing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.customers import Customer
from models.identity import IdentityLink
from services.base.database import transaction
from services.base.errors import NotFoundError, TooManyTriesError
from services.guests import recovery, visits
from services.identity import recovery_words
from services.identity.types import Guest, Recovered, Signals
from services.restaurants.types import RestaurantInfo
from tests.builders.arrivals import agree, arrive
from tests.builders.moments import NOW
from tests.services.identity.rooms import count, room

pytestmark = pytest.mark.usefixtures("database")


async def _use(
    info: RestaurantInfo, guest: Guest, code: str, *, address: str = "192.0.2.1"
) -> Recovered | None:
    async with transaction() as session:
        return await recovery.use_code(
            session, restaurant=info, guest=guest, code=code, client_address=address, now=NOW
        )


async def _known(phone: str = "phone-1") -> tuple[RestaurantInfo, Guest, str]:
    async with transaction() as session:
        info, _, _ = await room(session)
        given = await agree(session, info, (await arrive(session, info, phone)).guest)
        code = await recovery.create_code(
            session, restaurant_id=info.id, customer_id=given.guest.customer_id, now=NOW
        )
    return info, given.guest, code


async def test_a_code_is_six_words_and_only_its_hash_is_stored() -> None:
    _, _, code = await _known()
    said = code.split("-")
    assert len(said) == 6
    assert set(said) <= set(recovery_words.words())
    async with transaction() as session:
        stored = list(await session.scalars(sa.select(IdentityLink.value_hash)))
    assert len(stored) == 3
    assert code not in stored


async def test_a_new_phone_becomes_the_same_guest_and_the_code_is_used_up() -> None:
    info, old, code = await _known()
    async with transaction() as session:
        new = (await arrive(session, info, "phone-2", now=NOW + timedelta(minutes=1))).guest
        stranger = (await arrive(session, info, "phone-3")).guest
    found = await _use(info, new, f" {code.lower().replace('-', ' ')} ")
    assert found is not None
    assert found.guest.customer_id == old.customer_id
    assert found.guest.alias == old.alias
    assert found.recovery_code != code
    assert await _use(info, stranger, code) is None
    async with transaction() as session:
        shown = Signals("phone-2", found.client_id)
        known = await visits.find_guest(session, restaurant=info, signals=shown, now=NOW)
        customer = (await session.scalars(sa.select(Customer))).one()
    assert known == found.guest
    assert customer.total_visits == 2


async def test_a_phone_that_is_somebody_already_becomes_one_with_the_record() -> None:
    info, old, code = await _known()
    async with transaction() as session:
        tomorrow = NOW + timedelta(hours=1)
        new = await agree(
            session,
            info,
            (await arrive(session, info, "phone-2", now=tomorrow)).guest,
            now=tomorrow,
        )
    found = await _use(info, new.guest, code)
    assert found is not None
    assert found.guest.customer_id == old.customer_id
    assert found.guest.visit_id == new.guest.visit_id
    assert found.guest.alias == old.alias


async def test_a_new_code_ends_the_one_before() -> None:
    info, old, code = await _known()
    async with transaction() as session:
        await recovery.create_code(
            session, restaurant_id=info.id, customer_id=old.customer_id, now=NOW
        )
        new = (await arrive(session, info, "phone-2")).guest
    assert await _use(info, new, code) is None


async def test_a_code_of_another_restaurant_opens_nothing() -> None:
    _, _, code = await _known()
    async with transaction() as session:
        other, _, _ = await room(session)
        guest = (await arrive(session, other, "phone-2")).guest
    assert await _use(other, guest, code) is None
    async with transaction() as session:
        assert await count(session, Customer) == 1


async def test_ten_tries_an_hour_count_even_when_they_find_nothing() -> None:
    info, _, code = await _known()
    async with transaction() as session:
        guest = (await arrive(session, info, "phone-2")).guest
    for _ in range(10):
        assert await _use(info, guest, "AAAA-AAAA-AAAA") is None
    with pytest.raises(TooManyTriesError) as refused:
        await _use(info, guest, code)
    assert refused.value.retry_after_seconds == 3600
    assert await _use(info, guest, code, address="192.0.2.2") is not None


async def test_nobody_recovers_what_is_not_remembered() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        other, _, _ = await room(session)
        given = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        with pytest.raises(NotFoundError):
            await recovery.create_code(
                session, restaurant_id=other.id, customer_id=given.guest.customer_id, now=NOW
            )


async def test_a_guest_without_a_record_gets_no_code_even_with_a_visit_of_that_number() -> None:
    """A visit's id is no customer's: it must never be looked up as one."""
    async with transaction() as session:
        info, _, _ = await room(session)
    with pytest.raises(NotFoundError) as refused:
        async with transaction() as session:
            await recovery.create_code(session, restaurant_id=info.id, customer_id=None, now=NOW)
    assert str(refused.value) == "There is nothing to recover: we do not remember you here."
