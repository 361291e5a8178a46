"""Every setting of an installation, read once from `SMARTMENU_*` variables."""

import contextlib
import json
import os
import secrets
import socket
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, PrivateAttr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


def whatsapp_demo_file(data_folder: Path) -> Path:
    """Where the demo keeps the webhook secrets it made up."""
    return data_folder / "whatsapp-demo.json"


def demo_mail_folder(data_folder: Path) -> Path:
    """Where the demo's mail lies instead of going out."""
    return data_folder / "mail"


class Settings(BaseSettings):
    """How this installation runs. Defaults give the embedded way: SQLite, one process."""

    model_config = SettingsConfigDict(env_prefix="SMARTMENU_", extra="ignore")

    data_folder: Path = ROOT / "data"
    database_url: str = ""
    redis_url: str = ""
    host: str = "127.0.0.1"
    port: int = 3000
    public_url: str = ""
    workers: int = Field(default=1, ge=1)
    secret_key: str = ""
    # Keys of personal data, the one that encrypts first; else those of `encryption.keys`.
    encryption_keys: str = ""
    # Own reverse proxies in front: only that many X-Forwarded-For entries are believed.
    trusted_proxy_hops: int = Field(default=0, ge=0)
    whatsapp_verify_token: str = ""
    whatsapp_app_secret: str = ""
    # Webhooks are kept and not worked on, as while something is mended.
    inbox_paused: bool = False
    # The platform's number as guests see it, Meta's id of it, and what lets us send from it.
    whatsapp_number: str = ""
    whatsapp_phone_number_id: str = ""
    whatsapp_access_token: str = ""
    # Meta's id of the account the number belongs to: templates are its.
    whatsapp_business_account_id: str = ""
    whatsapp_api_url: str = "https://graph.facebook.com/v23.0"
    # Mail to guests. Without a server the demo's folder takes it; without either none is promised.
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = ""
    mail_folder: Path | None = None
    # Who may read /metrics over the network; without it only this machine may.
    metrics_token: str = ""
    log_format: Literal["text", "json"] = "text"
    # Scheduled work inside the web process; off where `smartmenu worker` does it.
    jobs_inside: bool = True
    # Follows from the others: nobody can set it.
    _plays_whatsapp: bool = PrivateAttr(default=False)

    @model_validator(mode="after")
    def _fill_in(self) -> "Settings":
        if not self.database_url:
            self.database_url = f"sqlite+aiosqlite:///{self.data_folder / 'smartmenu.db'}"
        if not self.public_url:
            self.public_url = f"http://localhost:{self.port}"
        self.public_url = self.public_url.rstrip("/")
        self._use_demo_secrets()
        demo_mail = demo_mail_folder(self.data_folder)
        if self.mail_folder is None and demo_mail.is_dir():
            self.mail_folder = demo_mail
        if self.workers > 1 and not self.is_scaled:
            msg = (
                "Several workers need SMARTMENU_REDIS_URL and a PostgreSQL SMARTMENU_DATABASE_URL."
            )
            raise ValueError(msg)
        return self

    def _use_demo_secrets(self) -> None:
        """Let the demo's webhook work without configuration: its secrets lie in the data folder."""
        file = whatsapp_demo_file(self.data_folder)
        if (self.whatsapp_verify_token and self.whatsapp_app_secret) or not file.is_file():
            return
        made = json.loads(file.read_text(encoding="utf-8"))
        self.whatsapp_verify_token = self.whatsapp_verify_token or made["verify_token"]
        self.whatsapp_app_secret = self.whatsapp_app_secret or made["app_secret"]
        if not self.whatsapp_access_token:
            # Meta's side is played by this server.
            self._plays_whatsapp = True
            self.whatsapp_number = self.whatsapp_number or "15550783881"
            self.whatsapp_phone_number_id = "demo"
            self.whatsapp_business_account_id = "demo"
            self.whatsapp_access_token = made["verify_token"]
            self.whatsapp_api_url = f"http://127.0.0.1:{self.port}/dev/whatsapp/graph"

    @property
    def has_whatsapp_stand_in(self) -> bool:
        """Whether this server plays WhatsApp itself: in the demo, where no account is set."""
        return self._plays_whatsapp

    @property
    def metrics_folder(self) -> Path:
        """Where this machine's processes keep their numbers; several may share a data folder."""
        return self.data_folder / "metrics" / socket.gethostname()[:64]

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.database_url.startswith("sqlite")

    @property
    def is_scaled(self) -> bool:
        """Whether several processes may serve: PostgreSQL and Valkey or Redis."""
        return bool(self.redis_url) and not self.is_sqlite

    @property
    def allowed_origins(self) -> list[str]:
        """Origins whose pages may open sockets: the public address, and loopback on its port."""
        origins = [self.public_url]
        if not self.uses_tls:
            origins += [f"http://{name}:{self.port}" for name in ("localhost", "127.0.0.1")]
        return list(dict.fromkeys(origins))

    @property
    def uses_tls(self) -> bool:
        """Whether guests reach this installation over TLS, which makes cookies Secure."""
        return self.public_url.startswith("https://")


@cache
def settings() -> Settings:
    """The settings of this process. Tests clear the cache with `settings.cache_clear()`."""
    return Settings()


@cache
def secret_key() -> bytes:
    """The key that everything secret of this installation is derived from.

    Made on first run and kept in the data folder unless SMARTMENU_SECRET_KEY is set; several
    machines must share it.

    Raises:
        ValueError: the setting or the file holds nothing.
    """
    found = find_secret_key(settings())
    if found is not None:
        return found
    _make_secret_key(settings())
    made = find_secret_key(settings())
    if made is None:
        msg = f"{_secret_file(settings())} vanished while it was made."
        raise ValueError(msg)
    return made


def find_secret_key(wanted: Settings) -> bytes | None:
    """The key that is there, or None where the first start has not made one yet.

    Raises:
        ValueError: the setting or the file holds nothing. Everybody could guess that key.
    """
    if wanted.secret_key:
        key, where = wanted.secret_key, "SMARTMENU_SECRET_KEY"
    else:
        file = _secret_file(wanted)
        try:
            key, where = file.read_text(encoding="ascii").strip(), str(file)
        except FileNotFoundError:
            return None
    if not key.strip():
        msg = f"{where} is empty. Put the key back, out of a backup or from where you keep it."
        raise ValueError(msg)
    return key.encode()


def _make_secret_key(wanted: Settings) -> None:
    file = _secret_file(wanted)
    file.parent.mkdir(parents=True, exist_ok=True)
    # Under its name it is whole: when two workers start at once, one links and both read the same.
    half = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    half.touch(mode=0o600)
    try:
        half.write_text(secrets.token_hex(32), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            os.link(half, file)
    finally:
        half.unlink()


def _secret_file(wanted: Settings) -> Path:
    return wanted.data_folder / "secret.key"
