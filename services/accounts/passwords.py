"""Passwords: argon2id, two at a time, never on the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from services.accounts.rules import MAX_PASSWORD_LENGTH, check_new_password, normalise_password
from services.base.errors import UnavailableError
from services.base.texts import N_

T = TypeVar("T")
# OWASP's password storage cheat sheet, argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))
# A flood of log-ins may take two threads, not the machine; those who wait too long are told so.
THREADS = 2
MAX_WAITING = 40


@dataclass(frozen=True, slots=True)
class HashedPassword:
    """A new password that passed the rules, as it is stored. Only `hash_new` makes one."""

    value: str


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a password was right; `rehashed` is a stronger hash to store, or None."""

    is_right: bool
    rehashed: str | None = None


async def hash_new(password: str, *, email: str) -> HashedPassword:
    """Check a new password and hash it. Call it before the transaction: it takes a while.

    Args:
        password: as typed.
        email: of the account it is for.

    Raises:
        InvalidInputError: the password is too easy to guess.
        UnavailableError: too many people wait for their passwords to be checked.
    """
    check_new_password(password, email=email)
    return HashedPassword(await _in_thread(lambda: _HASHER.hash(normalise_password(password))))


async def verify(password: str, *, stored_hash: str | None) -> Verified:
    """Compare a password with a stored hash, or with none at the same cost.

    Args:
        password: as typed.
        stored_hash: of the account; None when there is no such account.

    Raises:
        UnavailableError: too many people wait for their passwords to be checked.
    """
    return await _in_thread(lambda: _verify(password, stored_hash))


def _verify(password: str, stored_hash: str | None) -> Verified:
    text = normalise_password(password[: MAX_PASSWORD_LENGTH + 1])
    try:
        is_right, rehashed = _HASHER.verify_and_update(text, stored_hash or _nobodys_hash())
    except UnknownHashError:
        # A locked account ("!") costs what any other does.
        is_right, rehashed = _HASHER.verify(text, _nobodys_hash()), None
    if stored_hash is None or not is_right:
        return Verified(is_right=False)
    return Verified(is_right=True, rehashed=rehashed)


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("nobody's password, hashed so that unknown accounts cost as much")


class _Threads:
    """The two threads of this process and the number of those who wait for them."""

    def __init__(self) -> None:
        self.executor = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
        self.waiting = 0


@cache
def _threads() -> _Threads:
    return _Threads()


async def _in_thread(work: Callable[[], T]) -> T:
    threads = _threads()
    if threads.waiting >= MAX_WAITING:
        msg = N_("Many people are logging in right now. Please try again in a moment.")
        raise UnavailableError(msg)
    threads.waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(threads.executor, work)
    finally:
        threads.waiting -= 1
