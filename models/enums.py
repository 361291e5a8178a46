"""The closed sets of words that columns hold. Values are stored; names are for code."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody who logs in may do."""

    OWNER = "owner"
    MANAGER = "manager"
    WAITER = "waiter"
    KITCHEN = "kitchen"


class TableStatus(StrEnum):
    """The plan's words for a table on the floor."""

    AVAILABLE = "available"
    OCCUPIED = "occupied"
    RESERVED = "reserved"
    CLEANING = "cleaning"
    OUT_OF_SERVICE = "out_of_service"


class CallKind(StrEnum):
    """What a guest asks staff to come for."""

    WAITER = "waiter"
    BILL = "bill"


class CodeKind(StrEnum):
    """What a printed code points at."""

    GENERAL = "general"
    TABLE = "table"
    AREA = "area"
    CAMPAIGN = "campaign"


class OrderStatus(StrEnum):
    """pending -> preparing -> ready -> served -> completed, or declined / cancelled."""

    PENDING = "pending"
    PREPARING = "preparing"
    READY = "ready"
    SERVED = "served"
    COMPLETED = "completed"
    DECLINED = "declined"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Still somebody's work: neither completed, declined nor cancelled."""
        return self in OPEN_ORDER_STATUSES

    @property
    def is_refused(self) -> bool:
        """Declined by the restaurant or called off: never eaten, and nobody pays for it."""
        return self in REFUSED_ORDER_STATUSES


OPEN_ORDER_STATUSES = (
    OrderStatus.PENDING,
    OrderStatus.PREPARING,
    OrderStatus.READY,
    OrderStatus.SERVED,
)
REFUSED_ORDER_STATUSES = (OrderStatus.DECLINED, OrderStatus.CANCELLED)


class OrderKind(StrEnum):
    """Where the order is eaten."""

    DINE_IN = "dine_in"
    DELIVERY = "delivery"


class OrderChannel(StrEnum):
    """The way an order came in."""

    MENU = "menu"
    API = "api"
    WHATSAPP = "whatsapp"


class ConsentLevel(StrEnum):
    """A guest's choice of three. Essential keeps nothing beyond the visit."""

    ESSENTIAL = "essential"
    REMEMBER = "remember"
    PERSONALISE = "personalise"


class ConsentMode(StrEnum):
    """Whether a restaurant asks before remembering, or gives notice where the law allows it."""

    ASK = "ask"
    NOTICE = "notice"


class LinkKind(StrEnum):
    """Signals that lead to a customer, strongest first."""

    WHATSAPP = "whatsapp"
    PHONE = "phone"
    RECOVERY = "recovery"
    COOKIE = "cookie"
    TOKEN = "token"  # noqa: S105 - the name of a signal
    FINGERPRINT = "fingerprint"


class CustomerStatus(StrEnum):
    """The badge of a customer."""

    NEW = "new"
    ACTIVE = "active"
    AT_RISK = "at_risk"
    LOST = "lost"


class EventType(StrEnum):
    """What a guest did (plan 4.1)."""

    SCAN = "scan"
    MENU_VIEW = "menu_view"
    CATEGORY_VIEW = "category_view"
    PRODUCT_VIEW = "product_view"
    DESCRIPTION_EXPANDED = "description_expanded"
    SEARCH = "search"
    FILTER = "filter"
    ADD_TO_CART = "add_to_cart"
    REMOVE_FROM_CART = "remove_from_cart"
    QUANTITY_CHANGED = "quantity_changed"
    CART_ABANDONED = "cart_abandoned"
    ORDER_PLACED = "order_placed"
    ORDER_MODIFIED = "order_modified"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_COMPLETED = "order_completed"


class ReservationStatus(StrEnum):
    """confirmed -> seated -> completed, or cancelled / no_show instead of seated."""

    CONFIRMED = "confirmed"
    SEATED = "seated"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"

    @property
    def holds_tables(self) -> bool:
        """Nobody else can have its tables at its time."""
        return self in HOLDING_STATUSES


HOLDING_STATUSES = (ReservationStatus.CONFIRMED, ReservationStatus.SEATED)


class WaitStatus(StrEnum):
    """waiting -> notified -> seated, or left instead."""

    WAITING = "waiting"
    NOTIFIED = "notified"
    SEATED = "seated"
    LEFT = "left"


QUEUED_STATUSES = (WaitStatus.WAITING, WaitStatus.NOTIFIED)


class DeliveryStatus(StrEnum):
    """Where an outbox or inbox row stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class MessageStatus(StrEnum):
    """Of a WhatsApp message: received, or waiting < sent < delivered < read, or failed."""

    RECEIVED = "received"
    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class Allergen(StrEnum):
    """The 14 allergens of EU regulation 1169/2011, annex II."""

    GLUTEN = "gluten"
    CRUSTACEANS = "crustaceans"
    EGGS = "eggs"
    FISH = "fish"
    PEANUTS = "peanuts"
    SOYBEANS = "soybeans"
    MILK = "milk"
    NUTS = "nuts"
    CELERY = "celery"
    MUSTARD = "mustard"
    SESAME = "sesame"
    SULPHITES = "sulphites"
    LUPIN = "lupin"
    MOLLUSCS = "molluscs"


class Diet(StrEnum):
    """What a dish is good for."""

    VEGETARIAN = "vegetarian"
    VEGAN = "vegan"
    GLUTEN_FREE = "gluten_free"


class ProgrammeState(StrEnum):
    """draft -> published <-> paused -> retired; a new version retires the one before."""

    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    RETIRED = "retired"


class PointsKind(StrEnum):
    """Why a row of the ledger of points was written (plan 5.1.3, and what takes back)."""

    EARNED = "earned"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    ADJUSTED = "adjusted"
    REVERSED = "reversed"


class RewardType(StrEnum):
    """What a reward is (plan 5.1.3)."""

    DISCOUNT = "discount"
    FREE_ITEM = "free_item"
    TIER_UPGRADE = "tier_upgrade"


class RewardStatus(StrEnum):
    """Of a reward a guest took: its code waits, was used, was given back, or ran out."""

    REDEEMED = "redeemed"
    USED = "used"
    RETURNED = "returned"
    EXPIRED = "expired"
