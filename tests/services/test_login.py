"""Logging in: what is refused, how it is counted, and what a success changes."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.accounts import User, UserSession
from models.enums import Role
from models.restaurants import Restaurant
from services.accounts import devices, login, passwords, sessions, team
from services.accounts.errors import WrongLoginError
from services.base.database import reading, transaction
from services.base.errors import TooManyTriesError, UnavailableError
from tests.builders import NOW, make_restaurant

pytestmark = pytest.mark.usefixtures("database")
EMAIL = "marta@brasa.example"
PASSWORD = "oak fire and olives"
SENTENCE = "That e-mail address and password do not belong together."


async def _owner() -> Restaurant:
    hashed = await passwords.hash_new(PASSWORD, email=EMAIL)
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        await team.create_owner(
            session,
            restaurant_id=restaurant.id,
            email=EMAIL,
            name="Marta",
            password=hashed,
            now=NOW,
        )
    return restaurant


async def _log_in(
    email: str = EMAIL,
    password: str = PASSWORD,
    *,
    address: str = "203.0.113.7",
    device_marks: str = "",
    minutes: int = 0,
) -> login.LoggedIn:
    return await login.log_in(
        email=email,
        password=password,
        address=address,
        device_marks=device_marks,
        now=NOW + timedelta(minutes=minutes),
    )


async def _lock_out(*, address: str = "198.51.100.7", device_marks: str = "") -> None:
    """Wrong tries until none is allowed any more."""
    for _ in range(login.TRIES_AN_ACCOUNT):
        with pytest.raises(WrongLoginError):
            await _log_in(password="wrong wrong wrong", address=address, device_marks=device_marks)
    with pytest.raises(TooManyTriesError):
        await _log_in(address=address, device_marks=device_marks)


async def _session_count() -> int:
    async with reading() as session:
        return await session.scalar(sa.select(sa.func.count(col(UserSession.id)))) or 0


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "oak fire and olive"),
        (EMAIL, ""),
        (EMAIL, "x" * 100_000),
        ("nobody@brasa.example", PASSWORD),
        ("", ""),
        ("' OR 1=1 --", PASSWORD),
        ("marta@brasa.example\x00", PASSWORD),
    ],
)
async def test_every_wrong_try_gets_the_same_sentence_and_no_log_in(
    email: str, password: str
) -> None:
    await _owner()
    with pytest.raises(WrongLoginError) as refused:
        await _log_in(email, password)
    assert refused.value.message == SENTENCE
    assert await _session_count() == 0


async def test_the_right_password_opens_the_restaurant_and_notes_the_time() -> None:
    restaurant = await _owner()
    done = await _log_in(" MARTA@brasa.example ")
    assert (done.restaurant_id, done.role) == (restaurant.id, Role.OWNER)
    async with reading() as session:
        actor = await sessions.find_actor(session, token=done.token, now=NOW)
        assert actor is not None
        assert (actor.name, actor.role) == ("Marta", Role.OWNER)
        assert await session.scalar(sa.select(col(User.last_login_at))) == NOW
        assert await session.scalar(sa.select(col(UserSession.token_hash))) != done.token


async def test_a_closed_account_is_a_wrong_try() -> None:
    await _owner()
    async with transaction() as session:
        await session.execute(sa.update(User).values(is_active=False))
    with pytest.raises(WrongLoginError):
        await _log_in()


async def test_an_account_is_closed_for_a_while_after_ten_tries_from_anywhere() -> None:
    await _owner()
    for number in range(10):
        with pytest.raises(WrongLoginError):
            await _log_in(password="wrong wrong wrong", address=f"198.51.100.{number}")
    with pytest.raises(TooManyTriesError) as refused:
        await _log_in(address="198.51.100.99", minutes=5)
    assert refused.value.retry_after_seconds == 600
    assert await _session_count() == 0
    assert (await _log_in(minutes=15)).role is Role.OWNER


async def test_a_device_that_logged_in_before_is_not_locked_out_by_somebody_elses_tries() -> None:
    await _owner()
    marks = (await _log_in()).device_marks
    await _lock_out()
    assert (await _log_in(device_marks=marks)).role is Role.OWNER
    # It did not open the account to the others.
    with pytest.raises(TooManyTriesError):
        await _log_in(address="198.51.100.7")


async def test_a_whole_network_that_is_blocked_does_not_block_the_devices_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Guests and staff share the restaurant's address."""
    monkeypatch.setattr(login, "TRIES_AN_ADDRESS", 3)
    await _owner()
    marks = (await _log_in()).device_marks
    for number in range(2):
        with pytest.raises(WrongLoginError):
            await _log_in(f"guess-{number}@brasa.example")
    with pytest.raises(TooManyTriesError):
        await _log_in()
    assert (await _log_in(device_marks=marks)).role is Role.OWNER


async def test_a_stolen_device_may_guess_no_more_often_than_anybody() -> None:
    await _owner()
    marks = (await _log_in()).device_marks
    await _lock_out(device_marks=marks)
    assert (await _log_in()).role is Role.OWNER


@pytest.mark.parametrize("marks", ["", ".", "~", "abc.def", "a" * 10_000, "abc", "é.é"])
async def test_marks_that_somebody_made_up_give_no_tries(marks: str) -> None:
    await _owner()
    await _lock_out()
    with pytest.raises(TooManyTriesError):
        await _log_in(device_marks=marks)


async def test_the_mark_of_one_account_gives_no_tries_at_another() -> None:
    await _owner()
    other = devices.with_mark("", email="pia@brasa.example")
    await _lock_out()
    with pytest.raises(TooManyTriesError):
        await _log_in(device_marks=other)


async def test_a_tablet_of_the_team_keeps_everybodys_mark_and_forgets_the_oldest() -> None:
    emails = [f"{number}@brasa.example" for number in range(devices.MOST_ACCOUNTS + 1)]
    marks = ""
    for email in (*emails, emails[-1]):
        marks = devices.with_mark(marks, email=email)
    known = [devices.find_device(marks, email=email) is not None for email in emails]
    assert known == [False, *([True] * devices.MOST_ACCOUNTS)]
    assert len(marks) < 1000


async def test_success_clears_the_accounts_count() -> None:
    await _owner()
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(WrongLoginError):
                await _log_in(password="wrong wrong wrong")
        await _log_in()
    assert await _session_count() == 3


async def test_one_address_trying_many_accounts_is_stopped_and_others_are_not() -> None:
    await _owner()
    tries = [_log_in(f"guess{n}@brasa.example", "x") for n in range(30)]
    assert all(
        isinstance(result, WrongLoginError)
        for result in await asyncio.gather(*tries, return_exceptions=True)
    )
    async with transaction() as session:
        # The other seventy tries of this address, without hashing seventy passwords.
        for _ in range(70):
            await login.limits.count_try(
                session,
                key="login:address:203.0.113.7",
                limit=100,
                window=login.WINDOW,
                now=NOW,
            )
    with pytest.raises(TooManyTriesError):
        await _log_in()
    assert (await _log_in(address="203.0.113.8")).role is Role.OWNER


async def test_a_refused_address_does_not_use_up_the_accounts_tries() -> None:
    await _owner()
    async with transaction() as session:
        for _ in range(100):
            await login.limits.count_try(
                session,
                key="login:address:203.0.113.7",
                limit=100,
                window=login.WINDOW,
                now=NOW,
            )
    for _ in range(20):
        with pytest.raises(TooManyTriesError):
            await _log_in()
    assert (await _log_in(address="203.0.113.8")).role is Role.OWNER


async def test_unknown_accounts_cost_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    await _owner()
    seen: list[str] = []
    real = passwords._HASHER.verify_and_update

    def spy(password: str, stored: str) -> tuple[bool, str | None]:
        seen.append(stored.split("$")[3])
        return real(password, stored)

    monkeypatch.setattr(passwords._HASHER, "verify_and_update", spy)
    for email in (EMAIL, "nobody@brasa.example", "not an address"):
        with pytest.raises(WrongLoginError):
            await _log_in(email, "wrong wrong wrong")
    assert seen == ["m=19456,t=2,p=1"] * 3


async def test_a_flood_of_log_ins_is_turned_away_instead_of_queued_for_ever() -> None:
    await _owner()
    tries = [
        passwords.verify("wrong wrong wrong", stored_hash=None)
        for _ in range(passwords.MAX_WAITING + 25)
    ]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(r, UnavailableError) for r in results) == 25
    assert sum(r == passwords.Verified(is_right=False) for r in results) == passwords.MAX_WAITING
    assert (await _log_in()).role is Role.OWNER


async def test_a_hash_of_weaker_settings_is_replaced_at_the_next_log_in() -> None:
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    await _owner()
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1),))
    async with transaction() as session:
        await session.execute(sa.update(User).values(password_hash=weak.hash(PASSWORD)))
    await _log_in()
    async with reading() as session:
        stored = await session.scalar(sa.select(col(User.password_hash)))
    assert stored is not None
    assert stored.split("$")[3] == "m=19456,t=2,p=1"
    assert (await _log_in()).role is Role.OWNER
