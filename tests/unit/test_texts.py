"""The catalogues are whole for guests, and every language writes numbers its own way."""

import ast
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

from services.base import texts
from services.base.settings import ROOT
from services.ordering.errors import MOVED_ON, OrderMovedOnError

# Where the words are that guests can see; staff screens are English for now.
GUEST_SOURCES = (
    "services/base/booking_texts.py",
    "services/base/guest_texts.py",
    "services/base/consent_texts.py",
    "services/base/limits.py",
    "services/base/rewards_texts.py",
    "services/base/texts.py",
    "services/base/whatsapp_texts.py",
    "services/identity/aliases.py",
    "services/guests/consent.py",
    "services/identity/details.py",
    "services/guests/recovery.py",
    "services/guests/visits.py",
    "services/menu/page.py",
    "services/menu/sheet.py",
    "services/loyalty/errors.py",
    "services/loyalty/guest_page.py",
    "services/loyalty/redeeming.py",
    "services/loyalty/referrals.py",
    "services/ordering/*.py",
    "services/privacy/errors.py",
    "services/privacy/certificate.py",
    "services/privacy/export_paper.py",
    "services/privacy/known.py",
    "services/privacy/policy_words.py",
    "services/reservations/contacts.py",
    "services/reservations/errors.py",
    "services/reservations/guest_page.py",
    "services/reservations/reminders.py",
    "services/restaurants/queries.py",
    "services/seating/errors.py",
    "services/seating/words.py",
    "smartmenu/http/body.py",
    "smartmenu/http/booking_forms.py",
    "smartmenu/http/consent.py",
    "smartmenu/http/events.py",
    "smartmenu/http/guest_*.py",
    "smartmenu/http/guests.py",
    "smartmenu/http/menu_page.py",
    "smartmenu/http/orders.py",
    "smartmenu/http/pages.py",
    "smartmenu/http/privacy.py",
    "smartmenu/http/token_pages.py",
    "smartmenu/http/waitlist.py",
    "state/doors.py",
    "state/guest/*.py",
    "state/rush.py",
)
TRANSLATED = [language for language in texts.languages() if language != "en"]
KEYWORDS = {"N_": None, "plural": (2, 3)}
# Where `make texts` looks for words.
COLLECTED = ("models", "services", "components", "state", "pages", "smartmenu")
RIGHT_TO_LEFT_MARK, NO_BREAK_SPACE = "\u200f", "\xa0"


def guest_messages() -> set[str | tuple[str, ...]]:
    """Every message id of guest pages, as the translators' tool reads it from the sources."""
    found: set[str | tuple[str, ...]] = set()
    for pattern in GUEST_SOURCES:
        for path in ROOT.glob(pattern):
            for _, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
                found.add(message if isinstance(message, str) else tuple(message))
    return found


def translations(language: str) -> Iterator[Message]:
    with (texts.FOLDER / f"{language}.po").open("rb") as handle:
        yield from (message for message in read_po(handle, locale=language) if message.id)


def ids_of(catalogue: Catalog) -> set[str | tuple[str, ...]]:
    """What a catalogue can translate; a plural is both of its English forms."""
    return {
        message.id if isinstance(message.id, str) else tuple(message.id)
        for message in catalogue
        if message.id
    }


def kept_ids(name: str) -> set[str | tuple[str, ...]]:
    with (texts.FOLDER / name).open("rb") as handle:
        return ids_of(read_po(handle))


def facts_in(sentence: str) -> list[str]:
    return sorted({name for _, name, _, _ in string.Formatter().parse(sentence) if name})


def test_arabic_is_a_language_of_the_interface() -> None:
    assert texts.languages() == ("en", "ar")


def test_translators_are_given_the_words_that_the_code_has() -> None:
    """Else `make texts` was not run after a sentence was written, changed or removed."""
    collected = Catalog()
    for room in COLLECTED:
        for _, _, message, _, _ in extract_from_dir(ROOT / room, keywords=KEYWORDS):
            collected.add(message)
    found, kept = ids_of(collected), kept_ids("smartmenu.pot")
    assert len(found) > 1000
    assert (sorted(found - kept, key=str), sorted(kept - found, key=str)) == ([], [])


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_language_is_asked_for_the_same_words(language: str) -> None:
    assert kept_ids(f"{language}.po") == kept_ids("smartmenu.pot")


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_that_guests_read_is_translated(language: str) -> None:
    known = {
        tuple(m.id) if isinstance(m.id, list | tuple) else m.id
        for m in translations(language)
        if (all(m.string) if isinstance(m.string, list | tuple) else m.string)
    }
    assert sorted(guest_messages() - known, key=str) == []


def test_what_staff_choose_and_guests_read_is_translated() -> None:
    from services.base.staff_texts import CANCEL_REASONS, DECLINE_REASONS

    untranslated = [r for r in DECLINE_REASONS + CANCEL_REASONS if texts.translate("ar", r) == r]
    assert untranslated == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_hold_the_same_facts(language: str) -> None:
    wrong = [
        message.id
        for message in translations(language)
        if isinstance(message.id, str)
        and message.string
        and facts_in(message.id) != facts_in(message.string)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_plural_forms_hold_no_other_facts_and_large_numbers_all(language: str) -> None:
    wrong = []
    for message in translations(language):
        if isinstance(message.id, str) or not any(message.string):
            continue
        facts = facts_in(message.id[1])
        # "Two visits" may be one word; from three on the number must be said.
        *small, few, many, other = message.string
        if any(facts_in(form) != facts for form in (few, many, other)):
            wrong.append(message.id)
        if any(not set(facts_in(form)) <= set(facts) for form in small):
            wrong.append(message.id)
    assert wrong == []


def test_plural_is_called_with_words_that_can_be_collected() -> None:
    """The translators' tool reads the sources; a variable or N_() in the call hides the words."""
    hidden = []
    for folder in ("services", "state", "components", "pages", "smartmenu"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "plural":
                    continue
                if not all(isinstance(word, ast.Constant) for word in node.args[1:3]):
                    hidden.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert hidden == []


# CLDR, plurals.xml, "ar": zero 0, one 1, two 2, few n % 100 = 3..10, many n % 100 = 11..99, other.
@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "حوالي 0 دقيقة"),
        (1, "حوالي دقيقة واحدة"),
        (2, "حوالي دقيقتين"),
        (3, "حوالي 3 دقائق"),
        (10, "حوالي 10 دقائق"),
        (11, "حوالي 11 دقيقة"),
        (99, "حوالي 99 دقيقة"),
        (100, "حوالي 100 دقيقة"),
        (103, "حوالي 103 دقائق"),
    ],
)
def test_arabic_minutes(count: int, words: str) -> None:
    assert texts.plural("ar", "About {count} minute", "About {count} minutes", count) == words


@pytest.mark.parametrize(
    ("count", "category"),
    [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (11, 4), (99, 4), (100, 5), (102, 5), (103, 3)],
)
def test_the_rule_in_the_arabic_catalogue_is_that_of_cldr(count: int, category: int) -> None:
    # Six forms that differ, so that an exchange of the last two shows.
    assert texts._plural_index("ar")(count) == category


@pytest.mark.parametrize(("count", "words"), [(0, "0 x"), (1, "one x"), (2, "2 x"), (11, "11 x")])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_untranslated_plural_reads_as_english(language: str, count: int, words: str) -> None:
    assert texts.plural(language, "one x", "{count} x", count) == words


# CLDR: currency patterns ¤#,##0.00 (en) and U+200F #,##0.00 U+00A0 ¤ (ar); decimals by ISO 4217.
@pytest.mark.parametrize(
    ("amount_minor", "currency", "language", "text"),
    [
        (1250, "EUR", "en", "€12.50"),
        (1_250_000, "EUR", "en", "€12,500.00"),
        (1250, "JPY", "en", "¥1,250"),
        (1250, "KWD", "en", f"KWD{NO_BREAK_SPACE}1.250"),
        (0, "EUR", "en", "€0.00"),
        (1250, "EUR", "ar", f"{RIGHT_TO_LEFT_MARK}12.50{NO_BREAK_SPACE}€"),
        (1_250_000, "EUR", "ar", f"{RIGHT_TO_LEFT_MARK}12,500.00{NO_BREAK_SPACE}€"),
        (
            1250,
            "SAR",
            "ar",
            f"{RIGHT_TO_LEFT_MARK}12.50{NO_BREAK_SPACE}ر.س.{RIGHT_TO_LEFT_MARK}",
        ),
    ],
)
def test_money_by_language(amount_minor: int, currency: str, language: str, text: str) -> None:
    assert texts.money_text(amount_minor, currency, language) == text


@pytest.mark.parametrize(
    ("language", "day", "clock"), [("en", "3 May", "19:48"), ("ar", "3 مايو", "19:48")]
)
def test_days_and_times_by_language(language: str, day: str, clock: str) -> None:
    assert texts.day_text(date(2026, 5, 3), language) == day
    assert texts.hour_text(time(19, 48), language) == clock
    moment = datetime(2026, 5, 3, 17, 48, tzinfo=UTC)
    assert texts.clock_text(moment, time_zone="Europe/Madrid", language=language) == clock


def test_digits_are_the_same_in_every_language() -> None:
    assert texts._latin_digits("٠١٢٣٤٥٦٧٨٩ ١٬٢٥٠٫٥٠") == "0123456789 1,250.50"


def test_words_in_a_row_take_the_comma_of_their_language() -> None:
    assert texts.list_text("en", ["milk", "nuts"]) == "milk, nuts"
    assert texts.list_text("ar", ["حليب", "مكسرات"]) == "حليب، مكسرات"


def test_what_is_not_translated_is_english() -> None:
    assert texts.translate("ar", "Nobody wrote {this}.", this="12") == "Nobody wrote 12."
    assert texts.translate("de", "Search the menu") == "Search the menu"
    assert texts.translate("ar", "Search the menu") == "ابحث في القائمة"


def test_facts_may_hold_braces() -> None:
    assert texts.translate("ar", "Add {dish}", dish="{weird}") == "أضف {weird}"


@pytest.mark.parametrize(
    ("wanted", "offered", "chosen"),
    [
        (["ar"], ["en", "ar"], "ar"),
        (["ar-EG", "en"], ["en", "ar"], "ar"),
        (["AR_sa"], ["en", "ar"], "ar"),
        (["de", "fr-FR", "en-GB"], ["ar", "en"], "en"),
        (["ar"], ["en"], "en"),
        ([], ["ar", "en"], "ar"),
        (["xx"], ["ar", "en"], "ar"),
        # A restaurant may offer what the interface does not speak yet.
        (["de"], ["de", "en"], "en"),
        (["de"], ["de"], "en"),
        (["*", "", "-"], ["en", "ar"], "en"),
    ],
)
def test_the_first_wanted_language_that_is_offered(
    wanted: list[str], offered: list[str], chosen: str
) -> None:
    assert texts.choose_language(wanted, offered) == chosen


def test_direction_and_label() -> None:
    assert (texts.direction("en"), texts.direction("ar")) == ("ltr", "rtl")
    assert (texts.language_label("en"), texts.language_label("ar")) == ("EN", "عربي")


def test_an_order_that_moved_on_says_so_in_whole_sentences() -> None:
    for status, sentence in MOVED_ON.items():
        error = OrderMovedOnError(number=7, status=status)
        assert texts.sentence("en", error) == sentence.format(number=7)
        assert texts.sentence("ar", error) == texts.translate("ar", sentence, number=7)
        assert status.value == "ready" or status.value not in texts.sentence("ar", error)
