"""The fixed words of guests' pages about reservations and waiting."""

from services.base.texts import N_

BOOK = {
    "title": N_("Book a table"),
    "back": N_("Back to the menu"),
    "people": N_("How many people"),
    "day": N_("Day"),
    "show": N_("Show times"),
    "time": N_("Time"),
    "full": N_("full"),
    "none": N_("No table is free on this day. Please choose another one."),
    "closed": N_("We are closed on this day."),
    "about_you": N_("About you"),
    "optional": N_("optional"),
    "name": N_("Name"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "wishes": N_("Wishes"),
    "wishes_hint": N_("High chair, wheelchair, allergy"),
    "privacy": N_(
        "You can book without telling us anything. What you do tell us is encrypted, "
        "read by our staff only, and deleted after your visit."
    ),
    "confirmed": N_("We confirm the table by e-mail."),
    "reminded": N_("We confirm the table by e-mail, and remind you before you come."),
    "reach": N_("With a phone number or an e-mail address we can reach you."),
    "book": N_("Book the table"),
    "queue": N_("Here already? Join the waitlist"),
}
BOOKED = {
    "title": N_("Your reservation"),
    "back": N_("Back to the menu"),
    "calendar": N_("Add to my calendar"),
    "calendar_hint": N_("A file that every calendar opens"),
    "cancel": N_("Cancel the reservation"),
    "cancel_ask": N_("The table then goes to somebody else. This cannot be undone here."),
    "cancel_yes": N_("Yes, cancel it"),
    "keep": N_("Keep this page: its address is the key to your reservation."),
    "again": N_("Book another table"),
    "menu": N_("Look at the menu"),
    "offline": N_("No connection. This page goes on by itself when it is back."),
}
WAIT = {
    "join_title": N_("Join the waitlist"),
    "title": N_("Your place in the queue"),
    "back": N_("Back to the menu"),
    "people": N_("How many people"),
    "show": N_("Show the wait"),
    "name": N_("Name"),
    "phone": N_("Phone"),
    "optional": N_("optional"),
    "phone_hint": N_("So that we can call you when your table is ready."),
    "privacy": N_(
        "You need no number and no app: this page shows your place. "
        "What you tell us is deleted the next day."
    ),
    "join": N_("Join the waitlist"),
    "leave": N_("Leave the queue"),
    "leave_ask": N_("Your place goes to the next."),
    "leave_yes": N_("Yes, leave"),
    "called": N_("We call you"),
    "keep": N_("Keep this page open. It changes by itself."),
    "again": N_("Join again"),
    "menu": N_("Look at the menu"),
    "offline": N_("No connection. This page goes on by itself when it is back."),
}
