"""What others see of identity."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from models.enums import ConsentLevel


@dataclass(frozen=True, slots=True)
class Guest:
    """A person with a phone, in the middle of a visit.

    Without consent `customer_id` is None. The table is that of the sitting, wherever staff have
    moved it. Until the guest has answered `consent_level` is None and counts as essential only.
    """

    visit_id: UUID
    restaurant_id: UUID
    customer_id: UUID | None
    alias: str
    sitting_id: UUID | None
    table_id: UUID | None
    area_id: UUID | None
    language: str
    consent_level: ConsentLevel | None


@dataclass(frozen=True, slots=True)
class Signals:
    """What a browser shows us: two cookies and what its storage holds. Empty when missing."""

    session_token: str
    client_id: str = ""
    client_token: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a live page tells when it starts: its address, language and device.

    `device_info` is what `devices.device_info(user_agent)` returns. Of `referrer` only the host
    is kept.
    """

    table_code: str = ""
    area_code: str = ""
    campaign_code: str = ""
    general_code: str = ""
    # Of a friend who sent the link.
    invite_code: str = ""
    wants_delivery: bool = False
    language: str = "en"
    device_info: dict[str, str] = field(default_factory=dict[str, str])
    referrer: str = ""

    @property
    def any_code(self) -> str:
        """The code it came with: the one that tells most about the place counts."""
        return self.table_code or self.area_code or self.campaign_code or self.general_code


class SeatNotice(StrEnum):
    """What the page must say about the code it was opened with."""

    OLD_CODE = "old_code"
    UNKNOWN_CODE = "unknown_code"
    TABLE_CLOSED = "table_closed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class BegunVisit:
    """The guest after a page came alive.

    `notice` is None when there is nothing to say. `is_new` tells a new visit from one that goes
    on. `left_table_id` is the table a guest was moved away from: its screens want to know too.
    `is_invited` is told once, to who came by a friend's link that counts.
    """

    guest: Guest
    notice: SeatNotice | None = None
    is_new: bool = True
    left_table_id: UUID | None = None
    is_invited: bool = False


class ConsentQuestion(StrEnum):
    """What a page shows a guest who has not chosen yet."""

    ASK = "ask"
    NOTICE = "notice"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """What the browser must keep after a choice: the cookie's value and the token for its storage.

    Both are None after "essential": then the page removes what it has.
    """

    guest: Guest
    client_id: str | None = None
    client_token: str | None = None


@dataclass(frozen=True, slots=True)
class RestoredSignals:
    """The signal that was missing, made anew; None where there was nothing to restore.

    `is_known` tells that at least one of the shown signals leads to a customer.
    """

    client_id: str | None = None
    client_token: str | None = None
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """Two customers that are one now. `was_done` is False when they already were."""

    kept_customer_id: UUID
    merged_customer_id: UUID
    entry_id: UUID
    was_done: bool


@dataclass(frozen=True, slots=True)
class Recovered:
    """A guest on a new phone, known again. Their old code is used up; this is the next one."""

    guest: Guest
    client_id: str
    client_token: str
    recovery_code: str


@dataclass(frozen=True, slots=True)
class GivenDetails:
    """What a guest has told about themselves, in plain text; empty where nothing was given."""

    name: str = ""
    email: str = ""
    phone: str = ""
    birthday_month: int | None = None
    birthday_day: int | None = None
