"""Members beside other guests: how much more their orders came to, and what that cost."""

from dataclasses import dataclass

from services.base.texts import N_
from services.loyalty.measuring import Flow, Spend
from services.loyalty.types import Programme
from services.reports.measures import ratio
from services.reports.numbers import Numbers
from services.reports.trends import guests_where, word
from services.reports.types import Column, Row, Section

# Fewer orders on either side say nothing about the difference.
ENOUGH_ORDERS = 30


@dataclass(frozen=True, slots=True)
class Return:
    """What members spent beside everybody else, and what their rewards cost. Minor units.

    Attributes:
        members: orders of members.
        others: all other orders.
        extra_minor: members' orders at the difference of both averages; None with too few orders.
        cost_minor: points redeemed, at what they cost.
    """

    members: Spend
    others: Spend
    extra_minor: int | None
    cost_minor: int

    @property
    def share(self) -> float | None:
        """What each unit of cost brought beyond itself."""
        if self.extra_minor is None or self.cost_minor <= 0:
            return None
        return (self.extra_minor - self.cost_minor) / self.cost_minor


def members_beside_others(numbers: Numbers, found: Programme, now: Flow) -> Return:
    """Both over the days that the report is about; `now` is what points did in them."""
    everybody = numbers.total(numbers.span.period)
    members = Spend(everybody.member_order_count, everybody.member_revenue_minor)
    others = Spend(
        max(0, everybody.order_count - members.order_count),
        everybody.revenue_minor - members.revenue_minor,
    )
    extra = None
    if min(members.order_count, others.order_count) >= ENOUGH_ORDERS:
        # Averages differ by fractions of a cent; members' orders times the difference.
        usual = others.revenue_minor * members.order_count / others.order_count
        extra = round(members.revenue_minor - usual)
    cost = max(0, now.redeemed) * found.rules.hundred_points_minor // 100
    return Return(members, others, extra, cost)


def return_section(one: Return | None, found: Programme, *, lacking: str) -> Section:
    """Both in a table; `lacking` says why there is nothing to compare yet."""
    members, others = _members_list(found), _members_list(found, are_members=False)

    def line(name: str, spend: Spend, href: str) -> Row:
        average = ratio(spend.revenue_minor, spend.order_count)
        return Row((word(name), spend.order_count, spend.revenue_minor, average), href)

    rows: tuple[Row, ...] = ()
    if one is not None:
        rows = (
            line(N_("Members"), one.members, members),
            line(N_("All others"), one.others, others),
            Row((word(N_("More by members")), None, one.extra_minor, None), members),
            Row((word(N_("Points redeemed cost")), None, one.cost_minor, None), members),
        )
    return Section(
        key="return",
        title=N_("Members beside other guests"),
        meaning=N_(
            "How much more members' orders came to than as many orders of others. Who comes often "
            "and spends more is also who joins: this is a difference, not proof of an effect."
        ),
        look="list",
        columns=(
            Column(word(N_("Who"))),
            Column(word(N_("Orders")), "count"),
            Column(word(N_("Revenue")), "money"),
            Column(word(N_("Average order")), "money"),
        ),
        rows=rows,
        lacking=lacking,
        is_wide=True,
        caveat=N_(
            "This is a difference, not an effect: guests who come often and spend more are also "
            "those who join. What the programme itself brought, it cannot tell."
        ),
    )


def _members_list(found: Programme, *, are_members: bool = True) -> str:
    """The guest list with everybody in any tier, or in none."""
    keys = [one.key for one in found.rules.tiers]
    return guests_where(field="tier", **{"is": "any_of" if are_members else "none_of"}, value=keys)
