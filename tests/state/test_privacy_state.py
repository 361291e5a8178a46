"""The privacy page's handlers: one guest's own record, and nobody else's."""

import pytest
import reflex as rx
import sqlalchemy as sa
from reflex.istate.data import RouterData

from models.customers import Customer
from models.enums import LinkKind
from models.identity import IdentityLink
from models.restaurants import Restaurant
from services.base import clock
from services.base.database import reading, transaction
from services.identity.details import read_details
from services.identity.types import GivenDetails
from state.guest.privacy import PrivacyState
from tests.builders import make_restaurant, restaurant_info
from tests.builders.arrivals import agree, arrive
from tests.state.screens import call, told

pytestmark = pytest.mark.usefixtures("sqlite_database")
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1"
FORM = {"name": "Lena", "email": "", "phone": "", "birthday_day": "29", "birthday_month": "2"}


async def _guest(token: str, *, is_remembered: bool = True) -> Restaurant:
    async with transaction() as session:
        restaurant = await session.scalar(sa.select(Restaurant)) or await make_restaurant(
            session, slug="brasa", time_zone="Europe/Berlin"
        )
        info = await restaurant_info(session, restaurant)
        begun = await arrive(session, info, token, now=clock.now())
        if is_remembered:
            await agree(session, info, begun.guest, now=clock.now())
    return restaurant


async def _page(token: str, path: str = "/menu/brasa/privacy") -> PrivacyState:
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    root.router = RouterData.from_router_data(
        {
            "headers": {
                "cookie": f"smartmenu_visit={token}",
                "origin": "http://localhost:3000",
                "user-agent": PHONE,
            },
            "token": token,
            "pathname": "/menu/[slug]/privacy",
            "asPath": path,
        }
    )
    return await root.get_state(PrivacyState)


async def _details() -> list[GivenDetails]:
    async with reading() as session:
        customers = (await session.scalars(sa.select(Customer).order_by(Customer.id))).all()
        return [read_details(customer) for customer in customers]


async def test_details_are_kept_for_the_guest_who_gave_them_alone() -> None:
    await _guest("lena")
    await _guest("somebody else")
    page = await _page("lena")
    await call(page, "save_details", form=FORM | {"phone": "030 1234567"})
    assert await _details() == [
        GivenDetails(name="Lena", phone="+49301234567", birthday_month=2, birthday_day=29),
        GivenDetails(),
    ]
    assert (page.fields.phone, page.errors) == ("+49301234567", {})
    assert await told(page) == ("Saved", "ok")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({"email": "lena@"}, "email"),
        ({"name": "x" * 61}, "name"),
        ({"birthday_day": "31"}, "birthday"),
        ({"birthday_month": ""}, "birthday"),
        ({"birthday_day": "seven"}, "birthday"),
        ({"birthday_day": "-1"}, "birthday"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_kept(
    typed: dict[str, str], field: str
) -> None:
    await _guest("lena")
    page = await _page("lena")
    await call(page, "save_details", form=FORM | typed)
    assert list(page.errors) == [field]
    assert await _details() == [GivenDetails()]


async def test_one_detail_can_be_taken_back_without_the_others() -> None:
    await _guest("lena")
    page = await _page("lena")
    await call(page, "save_details", form=FORM)
    await call(page, "remove_detail", name="birthday")
    assert await _details() == [GivenDetails(name="Lena")]
    await call(page, "remove_detail", name="notes")
    assert await _details() == [GivenDetails(name="Lena")]


async def test_of_a_guest_who_has_not_agreed_nothing_is_kept() -> None:
    await _guest("lena", is_remembered=False)
    page = await _page("lena")
    await call(page, "save_details", form=FORM)
    await call(page, "show_code")
    assert await _details() == []
    assert page.recovery_code == ""
    assert await told(page) == ("There is nothing to recover: we do not remember you here.", "bad")


async def test_a_code_is_made_for_the_own_record_and_can_be_hidden() -> None:
    await _guest("lena")
    page = await _page("lena")
    await call(page, "show_code")
    assert len(page.recovery_code.split("-")) == 6
    assert page.recovery_picture.startswith("data:image/svg+xml")
    await call(page, "hide_code")
    assert (page.recovery_code, page.recovery_picture) == ("", "")
    async with reading() as session:
        kinds = (await session.scalars(sa.select(IdentityLink.kind))).all()
    assert sorted(kinds) == [LinkKind.COOKIE, LinkKind.RECOVERY, LinkKind.TOKEN]


@pytest.mark.parametrize("form", [None, "x", {"name": 7}, {"name": {"a": "b"}}, [["name", "x"]]])
async def test_a_payload_that_is_no_form_changes_nothing(form: object) -> None:
    await _guest("lena")
    page = await _page("lena")
    await call(page, "save_details", form=form)
    assert await _details() == [GivenDetails()]


async def test_another_restaurants_page_does_not_know_this_guest() -> None:
    await _guest("lena")
    async with transaction() as session:
        await make_restaurant(session, slug="other")
    page = await _page("lena", "/menu/other/privacy")
    await call(page, "save_details", form=FORM)
    assert await _details() == [GivenDetails()]
