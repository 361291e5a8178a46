"""The guest's page of points and rewards, as text: what they have, what they can have, and why."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.ordering import Order
from services.base import addresses
from services.base.clock import to_local
from services.base.rewards_texts import LACKING_WORDS, REASON_WORDS
from services.base.texts import N_, clock_text, date_text, plural, translate
from services.loyalty import earning, ledger, programme, queries, redeeming, rewards
from services.loyalty.reward_rules import is_for_cart
from services.loyalty.tier_words import tier_word, way_text
from services.loyalty.types import Offer, PointsRow, Programme, Reward, Standing, TakenReward
from services.restaurants.types import RestaurantInfo

HISTORY = 20


@dataclass(frozen=True, slots=True)
class RewardRow:
    """One reward of the list. `lacking` is why it cannot be taken now; empty: it can."""

    id: str
    name: str
    description: str
    cost: str
    lacking: str
    # Of the way to it, 0 to 100.
    percent: int


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code that staff would take now."""

    id: str
    name: str
    code: str
    # What its picture holds.
    link: str
    until: str
    seconds_left: int
    can_go_to_cart: bool
    is_in_cart: bool


@dataclass(frozen=True, slots=True)
class Badge:
    """Something to be proud of, or to look forward to."""

    name: str
    icon: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One thing that happened to the points."""

    text: str
    when: str
    points: str
    is_gain: bool


@dataclass(frozen=True, slots=True)
class RewardsPage:
    """The whole page. Without a programme `is_running` is False, and nothing else counts."""

    is_running: bool = False
    is_guest: bool = False
    is_member: bool = False
    points: int = 0
    points_text: str = ""
    tier_key: str = ""
    tier: str = ""
    tier_text: str = ""
    benefits: list[str] = field(default_factory=list[str])
    progress_percent: int = 0
    # A rise that is shown once.
    cheer: str = ""
    # What expires soon, what is owed, what an order without a name would have brought.
    notes: list[str] = field(default_factory=list[str])
    codes: list[CodeRow] = field(default_factory=list[CodeRow])
    rewards: list[RewardRow] = field(default_factory=list[RewardRow])
    badges: list[Badge] = field(default_factory=list[Badge])
    history: list[HistoryRow] = field(default_factory=list[HistoryRow])
    invite_link: str = ""


async def rewards_page(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    customer_id: UUID | None,
    visit_id: UUID | None,
    language: str,
    now: datetime,
) -> RewardsPage:
    """What a guest sees; a rise of their tier is noted as shown.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: where.
        customer_id: whom this browser belongs to, at home too; None for somebody unknown.
        visit_id: of a running visit; None for somebody who only looks.
        language: of the texts.
        now: aware UTC.
    """
    found = await programme.find_running(session, restaurant_id=restaurant.id)
    if found is None:
        return RewardsPage()
    customer = await _member(session, restaurant.id, customer_id)
    if customer is None:
        return await _for_strangers(session, restaurant, visit_id, language, now)
    standing = await queries.standing(session, programme=found, customer_id=customer.id, now=now)
    offered = await rewards.offers(
        session, restaurant=restaurant, programme=found, standing=standing, now=now
    )
    taken = await redeeming.open_rewards(
        session, restaurant_id=restaurant.id, customer_id=customer.id, now=now
    )
    risen = await queries.celebrate(session, programme=found, customer_id=customer.id, now=now)
    past = await queries.history(
        session, restaurant_id=restaurant.id, customer_id=customer.id, limit=HISTORY
    )
    return RewardsPage(
        is_running=True,
        is_guest=True,
        is_member=True,
        points=standing.points,
        points_text=plural(language, "{count} point", "{count} points", standing.points),
        tier_key=standing.tier_key,
        tier=tier_word(standing.tier_name, language),
        tier_text=way_text(standing, restaurant, language),
        benefits=list(found.rules.tier(standing.tier_key).benefits),
        progress_percent=standing.progress_percent,
        cheer=translate(
            language, N_("You have reached {tier}!"), tier=tier_word(risen.name, language)
        )
        if risen
        else "",
        notes=_notes(standing, restaurant, language),
        codes=[_code(one, restaurant, language, now) for one in taken],
        rewards=[_row(one, found, standing, language) for one in offered],
        badges=_badges(found, standing, customer, language),
        history=[_past(row, restaurant, language) for row in past],
        invite_link=addresses.invitation(restaurant.slug, standing.invite_code)
        if standing.invite_code and (found.rules.inviter_points or found.rules.friend_points)
        else "",
    )


async def order_words(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    order_id: UUID,
    is_own: bool,
    language: str,
) -> str:
    """What an order brought, will bring, or would have brought; "" where nothing is collected."""
    order = await session.get(Order, order_id)
    if order is None or not is_own or order.restaurant_id != restaurant.id:
        return ""
    if order.points_earned:
        return plural(
            language,
            "This order brought you {count} point.",
            "This order brought you {count} points.",
            order.points_earned,
        )
    points = await earning.would_earn(session, restaurant=restaurant, order=order)
    if not points or order.points_earned is not None:
        return ""
    if order.customer_id is None:
        return plural(
            language,
            "This order would bring you {count} point, if we may remember it.",
            "This order would bring you {count} points, if we may remember it.",
            points,
        )
    return translate(language, N_("This order brings you points when it is done."))


async def _member(
    session: AsyncSession, restaurant_id: UUID, customer_id: UUID | None
) -> Customer | None:
    customer = await session.get(Customer, customer_id) if customer_id is not None else None
    if customer is None or customer.restaurant_id != restaurant_id:
        return None
    return customer if ledger.may_collect(customer) else None


async def _for_strangers(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    visit_id: UUID | None,
    language: str,
    now: datetime,
) -> RewardsPage:
    missed = 0
    if visit_id is not None:
        orders = await session.scalars(
            sa.select(Order).where(
                col(Order.restaurant_id) == restaurant.id,
                col(Order.visit_id) == visit_id,
                col(Order.points_earned).is_(None),
            )
        )
        for order in orders.all():
            missed += await earning.would_earn(session, restaurant=restaurant, order=order)
    listed = [
        one
        for one in await rewards.list_rewards(session, restaurant_id=restaurant.id)
        if rewards.is_offered(one, now=now) and not one.audience
    ]
    note = plural(
        language,
        "What you ordered would have brought you {count} point. It still can.",
        "What you ordered would have brought you {count} points. It still can.",
        missed,
    )
    return RewardsPage(
        is_running=True,
        is_guest=visit_id is not None,
        notes=[note] if missed else [],
        rewards=[
            RewardRow(
                id=str(one.id),
                name=_word(one, "reward_name", language) or one.name,
                description=_word(one, "reward_description", language) or one.description,
                cost=plural(language, "{count} point", "{count} points", one.points_required),
                lacking=" ",
                percent=0,
            )
            for one in listed
        ],
    )


def _notes(standing: Standing, restaurant: RestaurantInfo, language: str) -> list[str]:
    found: list[str] = []
    if standing.expires_at is not None:
        day = date_text(to_local(standing.expires_at, restaurant.time_zone).date(), language)
        soon = plural(
            language,
            "{count} point expires soon.",
            "{count} points expire soon.",
            standing.expiring_points,
        )
        first = translate(language, N_("The first on {day}."), day=day)
        found.append(f"{soon} {first}")
    if standing.owed:
        found.append(
            plural(
                language,
                "{count} point goes back first: an order you had spent it of was taken back.",
                "{count} points go back first: an order you had spent them of was taken back.",
                standing.owed,
            )
        )
    return found


def _code(taken: TakenReward, restaurant: RestaurantInfo, language: str, now: datetime) -> CodeRow:
    return CodeRow(
        id=str(taken.id),
        name=taken.name,
        code=f"{taken.code[:4]} {taken.code[4:]}",
        link=addresses.reward_code(taken.code),
        until=clock_text(taken.expires_at, time_zone=restaurant.time_zone, language=language),
        seconds_left=max(0, int((taken.expires_at - now).total_seconds())),
        can_go_to_cart=is_for_cart(taken.value) and not taken.is_in_cart,
        is_in_cart=taken.is_in_cart,
    )


def _row(one: Offer, found: Programme, standing: Standing, language: str) -> RewardRow:
    reward = one.reward
    needed = reward.unlock_points if one.lacking == "unlock" else reward.points_required
    had = standing.lifetime_points if one.lacking == "unlock" else standing.points
    return RewardRow(
        id=str(reward.id),
        name=_word(reward, "reward_name", language) or reward.name,
        description=_word(reward, "reward_description", language) or reward.description,
        cost=plural(language, "{count} point", "{count} points", reward.points_required),
        lacking=_lacking(one, found, language),
        percent=100 if not needed else min(100, had * 100 // needed),
    )


def _lacking(one: Offer, found: Programme, language: str) -> str:
    if one.lacking in {"points", "unlock"}:
        return plural(language, "{count} more point", "{count} more points", one.missing_points)
    if one.lacking == "tier":
        tier = found.rules.tier(one.reward.min_tier_key).name
        return translate(language, N_("From {tier}"), tier=tier_word(tier, language))
    return translate(language, LACKING_WORDS[one.lacking]) if one.lacking else ""


def _word(reward: Reward, name: str, language: str) -> str:
    return reward.translations.get(language, {}).get(name, "")


def _badges(found: Programme, standing: Standing, customer: Customer, language: str) -> list[Badge]:
    visits = [
        Badge(
            plural(language, "{count} visit", "{count} visits", one.visits),
            "calendar",
            is_mine=customer.visit_days >= one.visits,
        )
        for one in found.rules.milestones
    ]
    tiers = [
        Badge(
            tier_word(one.name, language),
            "award",
            is_mine=standing.lifetime_points >= one.threshold,
        )
        for one in found.rules.tiers[1:]
    ]
    return [*visits, *tiers]


def _past(row: PointsRow, restaurant: RestaurantInfo, language: str) -> HistoryRow:
    word = REASON_WORDS.get(row.reason.partition(":")[0], row.reason)
    local = to_local(row.happened_at, restaurant.time_zone)
    return HistoryRow(
        text=row.note or translate(language, word),
        when=date_text(local.date(), language),
        points=f"{'+' if row.points > 0 else '−'}{abs(row.points)}",
        is_gain=row.points > 0,
    )
