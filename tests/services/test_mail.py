"""Mail over a real socket: what a server hears, and what its refusals mean."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest

from services import mail
from services.base.errors import InvalidInputError, UnavailableError
from services.base.settings import settings
from tests.builders import NOW

ID = UUID(int=7)
LETTER = mail.Mail(
    id=ID,
    sender="Brasa & Olive",
    to="ana@example.org",
    subject="Your table",
    text="Your table is booked: 15 May, 22:00. \u0645\u0631\u062d\u0628\u0627",
)


class Server:
    """A mail server of a few words; `refusal` answers every recipient."""

    def __init__(self, refusal: str = "") -> None:
        self.refusal = refusal
        self.recipients: list[str] = []
        self.letters: list[bytes] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                self.recipients.append(line.decode().strip())
                writer.write(f"{self.refusal or '250 yes'}\r\n".encode())
            elif word == b"DATA":
                writer.write(b"354 go on\r\n")
                self.letters.append(await reader.readuntil(b"\r\n.\r\n"))
                writer.write(b"250 kept\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 yes\r\n")
        writer.close()


@asynccontextmanager
async def serving(server: Server, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    listening = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    known = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    for name, value in known.items():
        monkeypatch.setattr(settings(), name, value)
    async with listening:
        yield


async def test_a_letter_comes_whole_from_the_restaurant_to_one_guest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Server()
    async with serving(server, monkeypatch):
        await mail.send(LETTER, now=NOW)

    assert [line.split(":")[1].split(">")[0] for line in server.recipients] == ["<ana@example.org"]
    read = email.message_from_bytes(server.letters[0], policy=email.policy.default)
    assert str(read["From"]) == "Brasa & Olive <no-reply@localhost>"
    assert (str(read["To"]), str(read["Subject"])) == ("ana@example.org", "Your table")
    assert str(read["Message-ID"]) == f"<{ID}@localhost>"
    assert read.get_content().strip().startswith("Your table is booked: 15 May, 22:00. \u0645")


@pytest.mark.parametrize(
    ("answer", "permanent"), [("550 nobody here", True), ("450 come again", False)]
)
async def test_a_refused_recipient_is_tried_again_only_where_that_can_help(
    answer: str, permanent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(Server(answer), monkeypatch):
        with pytest.raises(UnavailableError) as refused:
            await mail.send(LETTER, now=NOW)

    assert refused.value.permanent is permanent
    assert "ana" not in str(refused.value)


async def test_a_server_that_is_away_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(Server(), monkeypatch):
        pass
    with pytest.raises(UnavailableError) as refused:
        await mail.send(LETTER, now=NOW)
    assert refused.value.permanent is False


async def test_the_demo_keeps_its_mail_in_a_folder_that_only_its_owner_reads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings(), "mail_folder", tmp_path / "mail")
    assert mail.can_send()
    await mail.send(LETTER, now=NOW)
    await mail.send(LETTER, now=NOW)

    (file,) = (tmp_path / "mail").iterdir()
    assert (file.name, oct(file.stat().st_mode)[-3:]) == (f"{ID}.eml", "600")


async def test_without_a_server_nothing_can_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "mail_folder", None)
    assert not mail.can_send()
    with pytest.raises(UnavailableError) as refused:
        await mail.send(LETTER, now=NOW)
    assert refused.value.permanent is True


@pytest.mark.parametrize("to", ["", "ana", "ana@example.org\nbcc: all@example.org"])
async def test_what_is_no_address_goes_nowhere(
    to: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings(), "mail_folder", tmp_path / "mail")
    with pytest.raises(InvalidInputError):
        await mail.send(mail.Mail(ID, "R", to, "S", "T"), now=NOW)
    assert not (tmp_path / "mail").exists()


async def test_a_name_of_two_lines_adds_no_header(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings(), "mail_folder", tmp_path)
    await mail.send(
        mail.Mail(ID, "Brasa\nBcc: all@example.org", "ana@example.org", "A\r\nB", "T"), now=NOW
    )
    read = email.message_from_bytes((tmp_path / f"{ID}.eml").read_bytes())
    assert read["Bcc"] is None
    assert read["Subject"] == "A B"
