"""The owner's list of rewards, and the form of one."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.base.reward_texts import AUDIENCE_WORDS, EVERY_TIER, GIVEN_WORDS, REWARD
from services.base.texts import N_, page_texts, plural, translate
from services.loyalty import programme, rewards
from services.loyalty.errors import UnknownRewardError
from services.loyalty.types import Reward
from services.menu.editor import load_editor_menu
from services.restaurants import queries as restaurants
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.forms import Choice, FormData, ListedFormState, refusal
from state.staff.reward_form import RewardFields, columns_of, fields_of, typed_columns


@dataclass(frozen=True, slots=True)
class RewardLine:
    """One row of the list."""

    id: str
    name: str
    gives: str
    points: str
    state: str
    is_on: bool


class RewardsState(ListedFormState, rx.State):
    """The list, or the form in its place."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    is_ready: bool = False
    rewards: rx.Field[list[RewardLine]] = rx.field(default_factory=list)
    # Whether the form is open, and with what; `gives` and `audience` decide which fields it has.
    is_open: bool = False
    reward: rx.Field[RewardFields] = rx.field(default_factory=RewardFields)
    gives: str = ""
    audience: str = ""
    options: rx.Field[dict[str, list[Choice]]] = rx.field(default_factory=dict)
    currency: str = ""
    is_deleting: bool = False
    # As the form was opened: somebody else may save while it lies open.
    _opened: Reward | None = None

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def enter(self, actor: Actor):
        """Show the list; a form with something unsaved stays when the socket returns."""
        if self.is_ready and self.is_dirty:
            return
        self.texts = page_texts(LANGUAGE, REWARD)
        self.is_open = self.is_deleting = False
        await self._list(actor)
        self.is_ready = True

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def start(self, actor: Actor):
        """Open an empty form."""
        self._opened = None
        await self._open(actor, RewardFields())

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def open(self, actor: Actor, reward_id: UUID):
        """Open one reward."""
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            found = await rewards.list_rewards(session, restaurant_id=actor.restaurant_id)
        reward = next((one for one in found if one.id == reward_id), None)
        if reward is None:
            raise UnknownRewardError
        self._opened = reward
        await self._open(actor, fields_of(reward, restaurant))

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def choose_gives(self, _actor: Actor, gives: str):
        """Ask for what this kind needs."""
        if gives in GIVEN_WORDS:
            self.gives, self.is_dirty = gives, True

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def choose_audience(self, _actor: Actor, audience: str):
        """Ask for hours where they decide."""
        if audience in AUDIENCE_WORDS:
            self.audience, self.is_dirty = audience, True

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def save(self, actor: Actor, form: FormData):
        """Save the reward and go back to the list; a refused field keeps what was typed."""
        self.wrong = {}
        reward_id = UUID(self.reward.id) if self.reward.id else None
        try:
            async with transaction() as session:
                restaurant = await restaurants.get(session, actor.restaurant_id)
                columns = typed_columns(columns_of(form, restaurant=restaurant), self._opened)
                await rewards.save_reward(
                    session, by=actor, reward_id=reward_id, form=columns, now=clock.now()
                )
        except InvalidInputError as error:
            self.wrong = refusal(error)
            return
        self.is_dirty = self.is_open = False
        await self._list(actor)
        await tell(self, translate(LANGUAGE, N_("Saved")), tone="ok")

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def ask_delete(self, _actor: Actor, is_deleting: bool):
        """Ask before a reward is gone, or no longer."""
        self.is_deleting = is_deleting and bool(self.reward.id)

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def delete(self, actor: Actor):
        """Offer it no longer."""
        if not self.is_deleting:
            return
        async with transaction() as session:
            await rewards.delete_reward(
                session, by=actor, reward_id=UUID(self.reward.id), now=clock.now()
            )
        self.is_deleting = self.is_dirty = self.is_open = False
        await self._list(actor)

    async def _go_back(self) -> None:
        self.is_open = self.is_deleting = False

    async def _open(self, actor: Actor, reward: RewardFields) -> None:
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            rules = await programme.load_edited(session, restaurant_id=actor.restaurant_id)
            menu = await load_editor_menu(session, restaurant_id=actor.restaurant_id)
        tiers = [Choice(tier.key, tier.name) for tier in rules.tiers]
        self.options = {
            "gives": [
                Choice(key, translate(LANGUAGE, words)) for key, words in GIVEN_WORDS.items()
            ],
            "audience": [
                Choice(key, translate(LANGUAGE, words)) for key, words in AUDIENCE_WORDS.items()
            ],
            "dish": [
                Choice("", translate(LANGUAGE, N_("Choose a dish"))),
                *(Choice(str(one.id), one.name) for part in menu.categories for one in part.dishes),
            ],
            "tier": tiers,
            "min_tier": [Choice("", translate(LANGUAGE, EVERY_TIER)), *tiers],
        }
        self.currency = restaurant.currency
        self.reward, self.gives, self.audience = reward, reward.gives, reward.audience
        self._start_anew()
        self.is_open = True

    async def _list(self, actor: Actor) -> None:
        now = clock.now()
        async with reading() as session:
            found = await rewards.list_rewards(session, restaurant_id=actor.restaurant_id)
        self.rewards = [
            RewardLine(
                id=str(one.id),
                name=one.name,
                gives=translate(LANGUAGE, GIVEN_WORDS[f"{one.reward_type}:{one.value.kind}"]),
                points=plural(LANGUAGE, "{count} point", "{count} points", one.points_required),
                state=_state(one, is_offered=rewards.is_offered(one, now=now)),
                is_on=rewards.is_offered(one, now=now) and one.stock != 0,
            )
            for one in found
        ]


def _state(reward: Reward, *, is_offered: bool) -> str:
    """Whether guests find it, in words."""
    if not reward.is_active:
        return translate(LANGUAGE, N_("Off"))
    if reward.stock == 0:
        return translate(LANGUAGE, N_("None left"))
    if not is_offered:
        return translate(LANGUAGE, N_("Over"))
    if reward.stock is not None:
        return plural(LANGUAGE, "{count} left", "{count} left", reward.stock)
    return translate(LANGUAGE, N_("On offer"))
