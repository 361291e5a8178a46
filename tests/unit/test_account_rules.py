"""E-mail addresses and passwords: what is refused before anything is stored."""

import pytest

from services.accounts.rules import check_new_password, normalise_email
from services.base.errors import InvalidInputError

EMAIL = "ana.silva.ramos@example.org"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Ana@Example.ORG ", "ana@example.org"),
        ("ana+floor@sub.example.org", "ana+floor@sub.example.org"),
        ("ANA@EXAMPLE.ORG", "ana@example.org"),  # full-width letters of a phone keyboard
    ],
)
def test_an_address_is_trimmed_and_lower_case(typed: str, stored: str) -> None:
    assert normalise_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "", "ana", "ana@", "@example.org", "ana@example", "ana@@example.org", "a b@example.org",
        "ana@example.org\nbcc: all@example.org", "ana@example.org\x00", "a" * 65 + "@example.org",
        "ana@" + "e" * 250 + ".org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        normalise_email(typed)
    assert refused.value.field == "email"


@pytest.mark.parametrize(
    "password",
    [
        "short", "ninechars", "é" * 9, "x" * 201, EMAIL, EMAIL.upper(), "ana.silva.ramos",
        "Password123", "password2026!", "1234567890", "0987654321", "aaaaaaaaaa", "ababababab",
        "qwertyuiop", "Qwertzuiop1", "smartmenu1", "SmartMenu2026", "restaurant!", "welcome123",
    ],
)  # fmt: skip
def test_a_password_that_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_new_password(password, email=EMAIL)
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password",
    ["oak fire and olives", "xK4!mmQz9w", "كلمة سر طويلة", "x1" * 99 + "yz", "my password is long"],
)
def test_a_good_password_is_taken_in_any_script(password: str) -> None:
    check_new_password(password, email=EMAIL)
