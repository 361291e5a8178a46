"""The policy says what is really set, and every change of it is another version."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.restaurants import Restaurant
from services.base.database import transaction
from services.base.errors import InvalidInputError
from services.privacy import policy, policy_words
from services.privacy.settings import LIMITS, PrivacyRules, save_rules
from services.restaurants.types import RestaurantInfo
from tests import builders
from tests.builders.moments import NOW
from tests.services.identity.rooms import room

pytestmark = pytest.mark.usefixtures("database")


def _said(found: policy.Policy, info: RestaurantInfo, language: str = "en") -> str:
    sections = policy_words.sections(found, restaurant=info, language=language)
    return "\n".join(text for one in sections for text in (one.title, *one.sentences, *one.points))


async def test_with_nothing_configured_it_says_the_defaults() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        found = await policy.current(session, restaurant=info, now=NOW)
    said = _said(found, info)
    assert found.text_version == "2026-11.1"
    assert f"{info.name} answers for this data." in said
    assert "Questions: ask anybody who works here." in said
    assert "You are forgotten 36 months after your last visit" in said
    assert "What you told us for a reservation: 30 days after it" in said
    assert "No fingerprint of your device" in said
    # Guests cannot book or queue here, and there is no WhatsApp number.
    for missing in ("For a reservation:", "In the queue:", "WhatsApp"):
        assert missing not in said


async def test_a_changed_setting_is_another_version_and_old_ones_stay() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        row = await session.get_one(Restaurant, info.id)
        owner = (await builders.make_user(session, restaurant=row, role="owner")).actor
        first = await policy.current(session, restaurant=info, now=NOW)
        same = await policy.current(session, restaurant=info, now=NOW + timedelta(days=1))
        rules = PrivacyRules(profile_months=12, controller_name="Brasa <GmbH>")
        await save_rules(session, by=owner, rules=rules, now=NOW)
        ahead = await policy.shown(session, restaurant=info, now=NOW + timedelta(days=2))
        second = await policy.current(session, restaurant=info, now=NOW + timedelta(days=2))
        # A setting of another screen counts, too.
        third = await policy.current(
            session,
            restaurant=replace(info, fingerprint_enabled=True),
            now=NOW + timedelta(days=3),
        )
        kept = await policy.find_version(session, restaurant=info, text_version="2026-11.1")
        other, _, _ = await room(session)
        theirs = await policy.find_version(session, restaurant=other, text_version="2026-11.1")
    assert (first, same) == (kept, first)
    # A page that only reads says the number that the next choice will write down.
    assert ahead == second
    assert (second.text_version, third.text_version) == ("2026-11.2", "2026-11.3")
    assert second.valid_from_at == NOW + timedelta(days=2)
    assert "Brasa <GmbH> answers for this data." in _said(second, info)
    assert "You are forgotten 12 months" in _said(second, info)
    assert "for 90 days. It decides nothing." in _said(third, info)
    assert theirs is None


async def test_in_arabic_nothing_is_left_in_english() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        found = await policy.current(session, restaurant=info, now=NOW)
    ours = _said(found, info, "ar").replace(info.name, "").replace("Basil", "")
    assert [one for one in ours.split("\n") if one and all(sign < "\u0600" for sign in one)] == []


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("beyond", [-1, 1])
async def test_nothing_is_kept_forever_or_not_at_all(name: str, beyond: int) -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        owner = (await builders.make_user(session, restaurant=restaurant, role="owner")).actor
        wrong = LIMITS[name][0] - 1 if beyond < 0 else LIMITS[name][1] + 1
        with pytest.raises(InvalidInputError) as refused:
            await save_rules(
                session, by=owner, rules=replace(PrivacyRules(), **{name: wrong}), now=NOW
            )
    assert refused.value.field == name
