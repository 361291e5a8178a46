"""The fixed words of the guest's page of points and rewards."""

from services.base.texts import N_

REWARDS = {
    "title": N_("Points and rewards"),
    "back": N_("Back to the menu"),
    "none": N_("There is no loyalty programme here at the moment"),
    "none_hint": N_("What you have collected is kept."),
    "your_points": N_("Your points"),
    "join": N_("Collect points with every order"),
    "join_hint": N_("No name, no card: say that we may remember your orders on this phone."),
    "remember": N_("Remember my orders"),
    "open_menu": N_("Open the menu first"),
    "open_menu_hint": N_("Scan the code on your table, then come back here."),
    "codes": N_("Show this code"),
    "codes_hint": N_("Our staff take it from here."),
    "cart": N_("Use it in my cart"),
    "in_cart": N_("In your cart"),
    "give_back": N_("Give it back"),
    "left": N_("still"),
    "over": N_("This code has run out. Your points are back."),
    "rewards": N_("Rewards"),
    "no_rewards": N_("There are no rewards yet."),
    "take": N_("Take it"),
    "badges": N_("Badges"),
    "history": N_("What happened"),
    "no_history": N_("Your first order brings your first points."),
    "invite": N_("Invite a friend"),
    "invite_hint": N_("Both of you get points after their first order. Send them this link:"),
    "friend": N_("A friend has invited you"),
    "friend_hint": N_("Accept, and both of you get points after your first order."),
    "accept": N_("Accept the invitation"),
    "new_phone": N_("A new phone? Take your points with you"),
    "new_phone_hint": N_("Make a recovery code on the privacy page."),
}
REASON_WORDS = {
    "order": N_("Order"),
    "dish": N_("Bonus for a dish"),
    "happy_hour": N_("Happy hour"),
    "tier": N_("Bonus of your tier"),
    "first_visit": N_("First visit"),
    "visits": N_("Bonus for coming again"),
    "birthday": N_("Birthday"),
    "referral": N_("Invitation"),
    "adjustment": N_("From the restaurant"),
    "reward": N_("Reward taken"),
    "returned": N_("Reward given back"),
    "expired": N_("Expired"),
    "undone": N_("Order taken back"),
    "owed": N_("Paid back"),
    "separated": N_("Corrected"),
}
LACKING_WORDS = {
    "gone": N_("All gone"),
    "taken": N_("You have had it"),
    "later": N_("At other hours"),
}
DONE_WORDS = {
    "taken": N_("Here is your code. It is valid for {minutes} minutes."),
    "cart": N_("It is in your cart."),
    "returned": N_("Your points are back."),
    "accepted": N_("Accepted. The points come with your first order."),
}
