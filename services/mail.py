"""Mail to guests and staff: over SMTP where it is set up, into a folder in the demo, else nowhere.

Addresses go to the mail server and nowhere else: not into logs, nor into what failures leave.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import aiosmtplib
import structlog

from services.base.errors import InvalidInputError, UnavailableError
from services.base.settings import Settings, settings
from services.base.texts import N_

log = structlog.get_logger()
TIMEOUT_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person; `sender` is the restaurant's name. `pdf` is a name and a file.

    `id` is the same over all attempts: mail programs show a message that comes twice once.
    """

    id: UUID
    sender: str
    to: str
    subject: str
    text: str
    pdf: tuple[str, bytes] | None = None


def can_send() -> bool:
    """Whether mail goes anywhere: nothing is promised to a guest otherwise."""
    known = settings()
    return bool(known.smtp_host) or known.mail_folder is not None


async def send(mail: Mail, *, now: datetime) -> None:
    """Send a message, or put it into the demo's folder.

    Args:
        mail: what to send.
        now: aware UTC, its date.

    Raises:
        UnavailableError: the server does not take it now; permanent when it never will, or when
            nothing is configured.
        InvalidInputError: nobody can be reached at such an address.
    """
    known = settings()
    message = _message(mail, known, now)
    if known.smtp_host:
        await _over_smtp(message, known)
    elif known.mail_folder is not None:
        await asyncio.to_thread(_into_folder, message, known.mail_folder / f"{mail.id}.eml")
    else:
        raise UnavailableError(_AWAY, permanent=True)
    log.info("mail_sent", message_id=str(mail.id))


async def _over_smtp(message: EmailMessage, known: Settings) -> None:
    try:
        await aiosmtplib.send(
            message,
            hostname=known.smtp_host,
            port=known.smtp_port,
            username=known.smtp_user or None,
            password=known.smtp_password or None,
            use_tls=known.smtp_security == "tls",
            start_tls=known.smtp_security == "starttls",
            timeout=TIMEOUT_SECONDS,
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [one.code for one in error.recipients]
        raise UnavailableError(_AWAY, permanent=all(code >= 500 for code in codes)) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        # Also a wrong password: whoever runs the installation puts it right, and it goes out.
        raise UnavailableError(_AWAY) from error


def _message(mail: Mail, known: Settings, now: datetime) -> EmailMessage:
    domain = urlsplit(known.public_url).hostname or "localhost"
    message = EmailMessage()
    try:
        sender = Address(_line(mail.sender), addr_spec=known.mail_from or f"no-reply@{domain}")
        message["From"] = sender
        message["To"] = Address(addr_spec=mail.to)
    except (ValueError, IndexError) as error:
        msg = N_("This is no e-mail address.")
        raise InvalidInputError(msg, field="email") from error
    message["Subject"] = _line(mail.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.id}@{domain}>"
    # Holiday answers and the like need not answer this.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.pdf is not None:
        name, content = mail.pdf
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return message


def _into_folder(message: EmailMessage, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(message.as_bytes())
    file.chmod(0o600)


def _line(text: str) -> str:
    """One line: a break would begin another header."""
    return " ".join(text.split())


_AWAY = N_("The mail server does not answer.")
