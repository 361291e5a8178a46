"""The policy in the reader's language: sections of short sentences, filled with real numbers."""

from dataclasses import dataclass
from typing import Any

from models.enums import ConsentMode
from services.base.clock import to_local
from services.base.texts import N_, date_text, plural, translate
from services.privacy.policy import Policy
from services.restaurants.types import RestaurantInfo


@dataclass(frozen=True, slots=True)
class PolicySection:
    """A heading, sentences, and points below them."""

    key: str
    title: str
    sentences: tuple[str, ...]
    points: tuple[str, ...] = ()


def sections(policy: Policy, *, restaurant: RestaurantInfo, language: str) -> list[PolicySection]:
    """The whole policy.

    Args:
        policy: the version to put into words.
        restaurant: its name stands where no other is set; its clock dates the version.
        language: of the reader.
    """
    words = _Words(policy.facts, language)
    since = date_text(to_local(policy.valid_from_at, restaurant.time_zone).date(), language)
    return [
        words.who(restaurant.name),
        words.always(),
        words.remembered(),
        words.given(),
        words.how_long(),
        words.who_gets_it(),
        words.rights(),
        PolicySection(
            "version",
            translate(language, N_("This version")),
            (
                translate(
                    language,
                    N_("Version {version}, since {day}."),
                    # In a line from the right it would read 11.1-2026.
                    version=f"\u2066{policy.text_version}\u2069",
                    day=since,
                ),
                translate(
                    language,
                    N_("When a setting changes, the version changes; your choice keeps its own."),
                ),
            ),
        ),
    ]


class _Words:
    """Sections of one policy in one language."""

    def __init__(self, facts: dict[str, Any], language: str) -> None:
        self.facts, self.language = facts, language

    def say(self, message: str, **facts: object) -> str:
        return translate(self.language, message, **facts)

    def who(self, name: str) -> PolicySection:
        facts = self.facts
        lines = [
            self.say(N_("{name} answers for this data."), name=facts["controller_name"] or name)
        ]
        if facts["postal_address"]:
            lines.append(facts["postal_address"])
        lines.append(
            self.say(N_("Questions: {email}"), email=facts["contact_email"])
            if facts["contact_email"]
            else self.say(N_("Questions: ask anybody who works here."))
        )
        return PolicySection("who", self.say(N_("Who answers for it")), tuple(lines))

    def always(self) -> PolicySection:
        asks = (
            N_("You are told on the menu that you are remembered, and can say no there.")
            if self.facts["consent_mode"] == ConsentMode.NOTICE
            else N_("Nothing more is kept unless you say yes.")
        )
        return PolicySection(
            "always",
            self.say(N_("Just this visit")),
            (self.say(N_("To bring your order we need it, without knowing who you are.")),),
            (
                self.say(N_("Your order, your table, and what you opened on the menu")),
                self.say(N_("Your notes and allergies, for the kitchen, until your visit is over")),
                self.say(N_("A cookie that ends when you close the browser")),
                self.say(asks),
            ),
        )

    def remembered(self) -> PolicySection:
        points = [
            plural(
                self.language,
                "A cookie and a mark in this browser, for {count} day after your last visit",
                "A cookie and a mark in this browser, for {count} days after your last visit",
                self.facts["cookie_days"],
            ),
            self.say(N_("Your visits, orders, tables, and what you looked at on the menu")),
            self.say(N_("What staff note about you, as a table you like")),
            self.say(
                N_("With “Remember and suggest” we also choose dishes and offers by it. Else not.")
            ),
        ]
        points.append(
            plural(
                self.language,
                "If you agree to it: a fingerprint of your device, for {count} day. It decides"
                " nothing.",
                "If you agree to it: a fingerprint of your device, for {count} days. It decides"
                " nothing.",
                self.facts["fingerprint_days"],
            )
            if self.facts["has_fingerprint"]
            else self.say(N_("No fingerprint of your device"))
        )
        return PolicySection(
            "remembered",
            self.say(N_("When you let us remember you")),
            (self.say(N_("You have a made-up name here, as “Basil 4821”.")),),
            tuple(points),
        )

    def given(self) -> PolicySection:
        points = [
            self.say(N_("Name, e-mail, phone, birthday and allergies, if you fill them in")),
            self.say(N_("Names, numbers and addresses are stored encrypted")),
        ]
        if self.facts["guests_may_book"]:
            points.append(self.say(N_("For a reservation: name, number, e-mail and wishes")))
        if self.facts["guests_may_queue"]:
            points.append(self.say(N_("In the queue: a name and number, until the next day")))
        return PolicySection(
            "given", self.say(N_("What you tell us, if you want to")), (), tuple(points)
        )

    def how_long(self) -> PolicySection:
        facts, language = self.facts, self.language
        return PolicySection(
            "how_long",
            self.say(N_("How long it is kept")),
            (),
            (
                plural(
                    language,
                    "You are forgotten {count} month after your last visit",
                    "You are forgotten {count} months after your last visit",
                    facts["profile_months"],
                ),
                plural(
                    language,
                    "What you opened and searched on the menu: {count} month",
                    "What you opened and searched on the menu: {count} months",
                    facts["event_months"],
                ),
                plural(
                    language,
                    "Marks of browser sessions and the kind of phone: {count} day",
                    "Marks of browser sessions and the kind of phone: {count} days",
                    facts["device_days"],
                ),
                plural(
                    language,
                    "What you told us for a reservation: {count} day after it",
                    "What you told us for a reservation: {count} days after it",
                    facts["reservation_days"],
                ),
                plural(
                    language,
                    "Who of the staff opened your record: {count} month",
                    "Who of the staff opened your record: {count} months",
                    facts["access_months"],
                ),
                self.say(N_("Sums of orders stay for the books; they lead to nobody.")),
            ),
        )

    def who_gets_it(self) -> PolicySection:
        points = [
            self.say(N_("The staff of this restaurant. Opening your record is written down.")),
            self.say(N_("Whoever runs the computer that this menu is on, for the restaurant")),
            self.say(N_("No other restaurant, no advertiser; this page loads nothing elsewhere.")),
        ]
        if self.facts["has_whatsapp"]:
            points.append(
                self.say(
                    N_(
                        "If you order by WhatsApp, Meta carries the message. The restaurant sees"
                        " your number only if you share it."
                    )
                )
            )
        return PolicySection("who_gets_it", self.say(N_("Who sees it")), (), tuple(points))

    def rights(self) -> PolicySection:
        return PolicySection(
            "rights",
            self.say(N_("What you can do, at any time")),
            (
                self.say(N_("All of it works on your own page, without asking anybody.")),
                self.say(N_("You can also complain to your data protection authority.")),
            ),
            (
                self.say(N_("See and download everything that is stored about you")),
                self.say(N_("Correct it, or remove single details")),
                self.say(N_("Change your choice; what was lawful before stays so")),
                self.say(N_("Be forgotten at once")),
            ),
        )
