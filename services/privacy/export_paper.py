"""One guest's data as a document: first what it comes to, then table by table."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from models.enums import ConsentLevel
from services.base.clock import to_local
from services.base.texts import (
    N_,
    clock_text,
    date_text,
    day_text,
    list_text,
    money_text,
    plural,
    translate,
)
from services.menu.page import allergen_words
from services.privacy.known import LEVEL_WORDS, SOURCE_WORDS
from services.privacy.paper import Paper, Rows, Section
from services.restaurants.types import RestaurantInfo

# What is left out on paper is in the data file; a file of 5,000 lines is no paper.
MOST_ROWS = 400
NOTHING = "–"


def paper_of(data: dict[str, Any], *, restaurant: RestaurantInfo, language: str) -> Paper:
    """Put an export into words.

    Args:
        data: as `export.of_customer` makes it.
        restaurant: its clock and currency.
        language: of the reader.
    """
    words = _Words(restaurant, language)
    sections = [
        words.record(data),
        words.consents(data),
        words.visits(data),
        words.orders(data),
        words.reservations(data),
        words.staff_wrote(data),
        words.likes(data),
        words.menu(data),
        words.known_by(data),
    ]
    return Paper(
        title=words.say(N_("What is stored about you")),
        lead=words.lead(data),
        sections=[one for one in sections if one is not None],
        footer=words.say(
            N_("Made on {day}. The same as data: the JSON file beside this one."),
            day=words.day(data["exported_at"]),
        ),
    )


class _Words:
    """Sections of one guest's data in one language."""

    def __init__(self, restaurant: RestaurantInfo, language: str) -> None:
        self.restaurant, self.language = restaurant, language

    def say(self, message: str, **facts: object) -> str:
        return translate(self.language, message, **facts)

    def day(self, iso: str | None) -> str:
        if not iso:
            return NOTHING
        local = to_local(datetime.fromisoformat(iso), self.restaurant.time_zone)
        return date_text(local.date(), self.language)

    def minute(self, iso: str | None) -> str:
        if not iso:
            return NOTHING
        clock = clock_text(
            datetime.fromisoformat(iso),
            time_zone=self.restaurant.time_zone,
            language=self.language,
        )
        return f"{self.day(iso)}, {clock}"

    def money(self, decimal: str) -> str:
        minor = int(decimal.replace(".", ""))
        return money_text(minor, self.restaurant.currency, self.language)

    def lead(self, data: dict[str, Any]) -> list[str]:
        who = data["customer"]
        if who is None:
            return [self.say(N_("You are here for this visit only. We do not know who you are."))]
        language = self.language
        visits = plural(language, "{count} visit", "{count} visits", who["total_visits"])
        orders = plural(language, "{count} order", "{count} orders", who["total_orders"])
        return [
            self.say(
                N_("You are {alias} here: {visits} and {orders} since {day}, {total} in all."),
                alias=who["alias"],
                visits=visits,
                orders=orders,
                day=self.day(who["first_seen"]),
                total=self.money(who["total_spent"]),
            ),
            self.say(
                N_("You chose “{level}”. No other restaurant sees any of this."),
                level=self.level(who["consent_level"]),
            ),
            self._opened(data.get("opened_by_staff")),
        ]

    def level(self, level: str) -> str:
        return self.say(LEVEL_WORDS[ConsentLevel(level)])

    def record(self, data: dict[str, Any]) -> Section | None:
        who = data["customer"]
        if who is None:
            return None
        allergens = allergen_words(who["allergens"], self.language) if who["allergens"] else ""
        facts = (
            (N_("Name"), who["name"]),
            (N_("E-mail"), who["email"]),
            (N_("Phone"), who["phone_number"]),
            (N_("Address"), who["address"]),
            (N_("Birthday"), self._birthday(who["birthday"])),
            (N_("What you cannot eat"), allergens),
            (N_("Number of this record"), who["anonymous_id"]),
            (N_("First visit"), self.day(who["first_seen"])),
            (N_("Last visit"), self.day(who["last_seen"])),
        )
        return Section(
            self.say(N_("Your record")),
            pairs=[(self.say(label), value or NOTHING) for label, value in facts],
        )

    def consents(self, data: dict[str, Any]) -> Section | None:
        return self._table(
            N_("Your choices"),
            (N_("When"), N_("Choice"), N_("Where"), N_("Version of the text")),
            [
                [
                    self.minute(one["given_at"]),
                    self.level(one["level"]),
                    self.say(SOURCE_WORDS.get(one["source"], SOURCE_WORDS["menu"])),
                    one["text_version"],
                ]
                for one in data["consents"]
            ],
            widths=(3, 3, 3, 2),
        )

    def visits(self, data: dict[str, Any]) -> Section | None:
        return self._table(
            N_("Your visits"),
            (N_("When"), N_("Table"), N_("Where"), N_("Phone")),
            [
                [
                    self.minute(one["visit_timestamp"]),
                    one["table_number"] or NOTHING,
                    one["area_name"] or NOTHING,
                    list_text(self.language, [str(v) for v in one["device_info"].values()])
                    or NOTHING,
                ]
                for one in data["customer_visits"]
            ],
            widths=(3, 1, 2, 3),
        )

    def orders(self, data: dict[str, Any]) -> Section | None:
        return self._table(
            N_("Your orders"),
            (N_("When"), N_("What"), N_("Note"), N_("Total")),
            [
                [
                    self.minute(one["placed_at"]),
                    list_text(self.language, [self._line(line) for line in one["order_items"]]),
                    self._note(one),
                    self.money(one["total"]),
                ]
                for one in data["customer_orders"]
            ],
            widths=(2, 4, 2, 1),
            numbers=(3,),
        )

    def _note(self, order: dict[str, Any]) -> str:
        brought = order["delivery_address"]
        if not brought:
            return order["note"] or NOTHING
        where = translate(self.language, N_("Brought to: {address}"), address=brought)
        return f"{order['note']} {where}".strip()

    def reservations(self, data: dict[str, Any]) -> Section | None:
        return self._table(
            N_("Your reservations"),
            (N_("When"), N_("People"), N_("Name"), N_("Wishes")),
            [
                [
                    self.minute(one["reservation_time"]),
                    str(one["party_size"]),
                    one["reservation_name"] or NOTHING,
                    one["special_requests"] or NOTHING,
                ]
                for one in data["table_reservations"]
            ],
            widths=(3, 1, 2, 3),
        )

    def staff_wrote(self, data: dict[str, Any]) -> Section | None:
        notes = data.get("customer_notes", [])
        tags = [one["tag"] for one in data.get("customer_tags", [])]
        lines = (
            [self.say(N_("Words of staff: {words}"), words=list_text(self.language, tags))]
            if tags
            else []
        )
        found = self._table(
            N_("What staff wrote about you"),
            (N_("When"), N_("Note")),
            [[self.minute(one["created_at"]), one["text"]] for one in notes],
            widths=(2, 5),
        )
        if found is not None:
            return Section(found.title, lines=lines, rows=found.rows)
        return Section(self.say(N_("What staff wrote about you")), lines=lines) if lines else None

    def likes(self, data: dict[str, Any]) -> Section | None:
        groups = [
            self.say(N_("Group of guests: {name}"), name=one["segment_name"])
            for one in data.get("customer_segments", [])
            if one["left_at"] is None
        ]
        likes = [
            self.say(N_("Likes {what}"), what=one["name"])
            for one in data.get("customer_preferences", [])[:10]
        ]
        if not groups and not likes:
            return None
        return Section(self.say(N_("What was counted from it")), lines=[*likes, *groups])

    def menu(self, data: dict[str, Any]) -> Section | None:
        events = data["customer_events"]
        if not events:
            return None
        searched = [
            str(one["event_data"].get("term", ""))
            for one in events
            if one["event_type"] == "search" and one["event_data"].get("term")
        ]
        lines = [
            plural(
                self.language,
                "{count} entry: opened, searched, put into the cart",
                "{count} entries: opened, searched, put into the cart",
                len(events),
            )
        ]
        if searched:
            lines.append(
                self.say(
                    N_("Searched for: {words}"),
                    words=list_text(self.language, list(dict.fromkeys(searched))[:40]),
                )
            )
        return Section(self.say(N_("What you did on the menu")), lines=lines)

    def known_by(self, data: dict[str, Any]) -> Section | None:
        return self._table(
            N_("How you are known again"),
            (N_("Kind"), N_("Since"), N_("Until")),
            [
                [
                    self.say(KIND_WORDS.get(str(one["kind"]), str(one["kind"]))),
                    self.day(one["created_at"]),
                    self.day(one["expires_at"]),
                ]
                for one in data["identity_links"]
            ],
            widths=(3, 2, 2),
        )

    def _opened(self, opened: dict[str, Any] | None) -> str:
        count = opened["count"] if opened else 0
        if not count:
            return self.say(N_("Nobody of the staff has opened your record."))
        return plural(
            self.language,
            "Staff opened your record {count} time.",
            "Staff opened your record {count} times.",
            count,
        )

    def _birthday(self, text: str | None) -> str | None:
        if not text:
            return None
        # 2000 has a 29 February.
        return day_text(date.fromisoformat(f"2000-{text.removeprefix('--')}"), self.language)

    def _line(self, line: dict[str, Any]) -> str:
        name = f"{line['quantity']} × {line['dish_name']}"
        return f"{name} ({line['note']})" if line["note"] else name

    def _table(
        self,
        title: str,
        head: Sequence[str],
        rows: list[list[str]],
        *,
        widths: Sequence[int],
        numbers: Sequence[int] = (),
    ) -> Section | None:
        if not rows:
            return None
        left_out = len(rows) - MOST_ROWS
        lines = (
            [self.say(N_("The newest {count}; all are in the data file."), count=MOST_ROWS)]
            if left_out > 0
            else []
        )
        return Section(
            self.say(title),
            lines=lines,
            rows=Rows([self.say(one) for one in head], rows[-MOST_ROWS:], widths, numbers),
        )


KIND_WORDS = {
    "cookie": N_("Cookie"),
    "token": N_("Mark in the browser"),
    "fingerprint": N_("Fingerprint of the device"),
    "recovery": N_("Recovery code"),
    "whatsapp": N_("WhatsApp account"),
    "phone": N_("Verified phone"),
}
