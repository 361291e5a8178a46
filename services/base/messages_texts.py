"""The fixed words of the screen where staff and guests write to each other."""

from services.base.texts import N_

MESSAGES = {
    "title": N_("Messages"),
    "empty": N_("No messages yet"),
    "empty_help": N_("When a guest who ordered by WhatsApp writes to you, it appears here."),
    "choose": N_("Choose a conversation"),
    "choose_help": N_("You write through SmartMenu’s number. Guests’ numbers stay with them."),
    "back": N_("All messages"),
    "guest": N_("Open the guest’s card"),
    "write": N_("Write to this guest"),
    "send": N_("Send"),
    "window_left": N_("left to answer"),
    "new": N_("New"),
    "order": N_("Order {number}"),
    "order_table": N_("Order {number} · table {table}"),
    "you": N_("SmartMenu"),
    "not_shared": N_("Keeps the number to themselves"),
    "closed": N_("The guest wrote more than 24 hours ago. Only a template can be sent now."),
    "gap": N_("Gap"),
    "send_template": N_("Send this"),
    "stopped": N_("This guest wrote STOP. Nothing can be sent to them."),
    "waiting": N_("On its way"),
    "sent": N_("Sent"),
    "delivered": N_("Delivered"),
    "read": N_("Read"),
    "failed": N_("Not delivered"),
}
# What stands for the gaps of a template, in its text and in the fields below.
GAPS = "①②③④"
