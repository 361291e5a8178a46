"""Points on a guest's card: where they stand in words, and points given or taken by hand."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

import reflex as rx

from services.accounts.types import Actor, Permission
from services.base.clock import to_local
from services.base.database import transaction
from services.base.errors import InvalidInputError, SmartMenuError
from services.base.texts import N_, date_text, plural, translate
from services.customers.card.loyalty import CardLoyalty
from services.loyalty import adjusting
from services.loyalty.types import PointsRow
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.card.points_words import points_words, signed
from state.staff.card.screen import CardScreen
from state.staff.forms import FormData, needed_number, refusal


@dataclass(frozen=True, slots=True)
class PointsLine:
    """One thing that happened to points."""

    key: str
    when: str
    what: str
    note: str
    points: str
    look: str


@dataclass(frozen=True, slots=True)
class LoyaltyView:
    """The loyalty part. Without a programme `has_programme` is false and all else empty."""

    has_programme: bool = False
    paused: str = ""
    points: str = ""
    tier: str = ""
    tier_look: str = ""
    progress: int = 0
    progress_text: str = ""
    facts: list[str] = field(default_factory=list)
    lines: list[PointsLine] = field(default_factory=list)
    may_adjust: bool = False
    limit_text: str = ""


class PointsMixin(CardScreen, mixin=True):
    """The loyalty part of a card, and the question about points by hand."""

    loyalty: LoyaltyView | None = None
    is_adjusting: bool = False
    points_wrong: dict[str, str] = {}
    # Goes out with the form: sent twice, it counts once.
    points_key: str = ""

    @rx.event
    @staff(Permission.SERVE_CUSTOMERS)
    async def ask_points(self, _actor: Actor, is_open: bool):
        """Open the question about points by hand, or close it."""
        self.is_adjusting, self.points_wrong, self.points_key = is_open, {}, uuid4().hex

    @rx.event
    @staff(Permission.SERVE_CUSTOMERS)
    async def adjust_points(self, actor: Actor, form: FormData):
        """Give points or take some, within what the role may."""
        try:
            points = needed_number(form, "points")
            async with transaction() as session:
                await adjusting.adjust(
                    session,
                    restaurant=await restaurants.get(session, actor.restaurant_id),
                    **self._by(actor),
                    points=-points if form.get("way") == "take" else points,
                    note=form.get("note", ""),
                    key=form.get("key", ""),
                )
        except InvalidInputError as error:
            self.points_wrong = refusal(error)
            return
        except SmartMenuError as error:
            self.points_wrong = refusal(error, field="points")
            return
        self.is_adjusting, self.points_wrong = False, {}
        await self._read(actor)
        await tell(self, translate(LANGUAGE, N_("Points changed")), tone="ok")


def loyalty_view(found: CardLoyalty | None, *, restaurant: RestaurantInfo) -> LoyaltyView:
    """Points in words."""
    if found is None:
        return LoyaltyView()
    one = found.standing
    facts = [_word(N_("{points} points earned in all"), points=f"{one.lifetime_points:,}")]
    if one.joined_at is not None:
        facts.append(_word(N_("Collects since {day}"), day=_day(one.joined_at, restaurant)))
    if one.tier_until_at is not None:
        facts.append(
            _word(
                N_("{tier} until {day}"),
                tier=one.tier_name,
                day=_day(one.tier_until_at, restaurant),
            )
        )
    if one.expires_at is not None:
        facts.append(
            _word(
                N_("{points} points run out, the first on {day}"),
                points=f"{one.expiring_points:,}",
                day=_day(one.expires_at, restaurant),
            )
        )
    if one.owed:
        facts.append(_word(N_("The next {points} points pay for an undone order"), points=one.owed))
    return LoyaltyView(
        has_programme=True,
        paused="" if found.is_running else _word(N_("The programme is paused.")),
        points=f"{one.points:,}",
        tier=one.tier_name,
        tier_look=one.tier_key,
        progress=one.progress_percent,
        progress_text=_word(
            N_("{points} points to {tier}"),
            points=f"{one.missing_points:,}",
            tier=one.next_tier_name,
        )
        if one.next_tier_name
        else _word(N_("The highest tier")),
        facts=facts,
        lines=[_line(row, restaurant) for row in found.rows],
        may_adjust=found.limit > 0,
        limit_text=plural(
            LANGUAGE, "At most {count} point at once", "At most {count} points at once", found.limit
        ),
    )


def _line(row: PointsRow, restaurant: RestaurantInfo) -> PointsLine:
    return PointsLine(
        key=f"{row.group_id}{row.kind}{row.reason}",
        when=_day(row.happened_at, restaurant),
        what=points_words(row.kind, row.reason)[1],
        note=row.note,
        points=signed(row.points),
        look="up" if row.points > 0 else "dn",
    )


def _word(message: str, **facts: object) -> str:
    return translate(LANGUAGE, message, **facts)


def _day(moment: datetime, restaurant: RestaurantInfo) -> str:
    return date_text(to_local(moment, restaurant.time_zone).date(), LANGUAGE)
