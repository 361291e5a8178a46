"""What an order's states are called on guests' pages."""

from models.enums import OrderStatus
from services.base.texts import N_

STATUS_WORDS: dict[OrderStatus, str] = {
    OrderStatus.PENDING: N_("Sent"),
    OrderStatus.PREPARING: N_("In the kitchen"),
    OrderStatus.READY: N_("Ready"),
    OrderStatus.SERVED: N_("Served"),
    OrderStatus.COMPLETED: N_("Completed"),
    OrderStatus.DECLINED: N_("Declined"),
    OrderStatus.CANCELLED: N_("Cancelled"),
}
HEADLINES: dict[OrderStatus, str] = {
    OrderStatus.PENDING: N_("Sent to the kitchen"),
    OrderStatus.PREPARING: N_("Cooking now"),
    OrderStatus.READY: N_("Ready, on its way to you"),
    OrderStatus.SERVED: N_("Served. Enjoy your meal."),
    OrderStatus.COMPLETED: N_("Completed. Thank you."),
    OrderStatus.DECLINED: N_("The kitchen cannot make this now"),
    OrderStatus.CANCELLED: N_("Cancelled"),
}
# Icon and word of each step, in order.
STEPS: tuple[tuple[OrderStatus, str, str], ...] = (
    (OrderStatus.PENDING, "check", N_("Sent")),
    (OrderStatus.PREPARING, "chef-hat", N_("In the kitchen")),
    (OrderStatus.READY, "concierge-bell", N_("Ready")),
    (OrderStatus.SERVED, "hand-platter", N_("Served")),
)
