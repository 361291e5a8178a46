"""What a guest reads in WhatsApp, and under the button that leads there."""

from services.base.texts import N_

CART = {
    "whatsapp": N_("Send via WhatsApp"),
    "whatsapp_consent": N_(
        "WhatsApp shows your number to SmartMenu. The restaurant sees it only if you say so there."
    ),
}
ORDER_TEXT = N_("Order for {restaurant}{place}")

ORDERED = N_("Thank you. Your order {number} is with {restaurant}: {total}.")
ACCEPTED = N_("The kitchen has started on your order {number}.")
READY = N_("Your order {number} is ready.")
SERVED = N_("Your order {number} is on its way to you. Enjoy your meal!")
COMPLETED = N_("Order {number} at {restaurant}: {total}. Thank you, and see you soon.")
DECLINED = N_("{restaurant} cannot take your order {number}: {reason}")
CANCELLED = N_("Your order {number} was cancelled: {reason}")
CANCELLED_PLAIN = N_("Your order {number} was cancelled.")

USED = N_("This text was sent before: your order {number} is with {restaurant}.")
EXPIRED = N_(
    "This text is older than two hours, so nothing was ordered. Send your order again from the "
    "menu: {link}"
)
MIXED_UP = N_(
    "The code in this message belongs to {restaurant}, but the message names another restaurant, "
    "so nothing was ordered. Your picks are kept: {link}"
)
PROBLEM = N_("{restaurant} could not take this order. {why} Your picks are kept: {link}")
HELP = N_(
    "There is no order in this message. Scan the code on your table, pick what you like and tap "
    "“Send via WhatsApp”. Write STOP and we write no more."
)
DELIVERY = N_("Delivery")
WHERE_TO = N_(
    "Where shall we bring it? Write street, number and town, or send your location. A link to a "
    "map works too."
)
BROUGHT_TO = N_("We bring it to: {address}. Is that wrong? Send your location.")
PASSED_ON = N_("{restaurant} has your message and answers you here.")
NO_MEDIA = N_(
    "{restaurant} cannot open pictures, voice messages and files here. Please write to them."
)
WHICH_RESTAURANT = N_("Which restaurant is this for?")
STILL_STOPPED = N_("You wrote STOP, so nobody can answer you here. Write START and send it again.")
SHARE_QUESTION = N_(
    "May {restaurant} see your phone number? If not, they see only {masked}. You can change this "
    "any time."
)
SHARE_YES = N_("Yes, share it")
SHARE_NO = N_("No, keep it")
SHARED = N_("{restaurant} can see your number now.")
KEPT = N_("{restaurant} does not see your number.")
STOPPED = N_("We write no more. Write START if you want to hear from us again.")
STARTED = N_("Welcome back. We answer again.")

# What staff see of a message that is not words.
KINDS = {
    "image": N_("Picture"),
    "audio": N_("Voice message"),
    "video": N_("Video"),
    "document": N_("File"),
    "sticker": N_("Sticker"),
    "contacts": N_("Contact card"),
    "location": N_("Location"),
    "reaction": N_("Reaction"),
    "interactive": N_("Answer"),
}
OTHER_KIND = N_("Something that cannot be shown here")
