"""Settings, read from the environment in this one place."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

DRIVER = "postgresql+psycopg://"
#: Where a mail server listens by default: for what is submitted, and for TLS from the first byte.
MAIL_PORTS = {"smtp": 587, "smtps": 465}


class SettingRefused(ValueError):
    """A setting is wrong; both sentences say which and how it is written, and tell no secret."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.chinese = chinese


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, as whom, and from whom it comes."""

    host: str
    port: int
    #: TLS from the first byte; else by STARTTLS where the server offers it.
    tls: bool
    user: str
    password: str = field(repr=False)
    sender: Address

    @classmethod
    def read(cls, env: Mapping[str, str], address: str) -> Self | None:
        """Read the server from the environment; None where none is named.

        Raises:
            SettingRefused: if something is wrong with it, or missing beside it.
        """
        url = env.get("JINZHU_MAIL", "").strip()
        if not url:
            return None
        try:
            parts = urlsplit(url)
            port = parts.port or MAIL_PORTS[parts.scheme]
        except (KeyError, ValueError):
            raise _mail_refused() from None
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        beyond = parts.path not in ("", "/") or parts.query or parts.fragment
        if not parts.hostname or beyond or bool(user) != bool(password):
            raise _mail_refused()
        if not re.match(r"https?://[^/\s]+", address):
            raise SettingRefused(
                "设置了 JINZHU_MAIL 就须同时设置 JINZHU_ADDRESS:邮件中的链接用这个网址,"
                "例如 https://zw.example.gov.cn。",
                "JINZHU_MAIL needs JINZHU_ADDRESS beside it, for the links in mails, for example "
                "https://zw.example.gov.cn.",
            )
        sender = _sender(env.get("JINZHU_MAIL_FROM", ""))
        return cls(parts.hostname, port, parts.scheme == "smtps", user, password, sender)


def _mail_refused() -> SettingRefused:
    return SettingRefused(
        "JINZHU_MAIL 应写成 smtp://用户名:密码@主机:587 或 smtps://用户名:密码@主机:465,"
        "用户名和密码要么都写,要么都不写;其中的特殊字符须用 %XX 表示。",
        "JINZHU_MAIL must look like smtp://user:password@host:587 or "
        "smtps://user:password@host:465, with both user and password or neither; write special "
        "characters in them as %XX.",
    )


def _sender(given: str) -> Address:
    """Return who mails come from: an address, or a name with an address in angle brackets."""
    name, address = parseaddr(given)
    try:
        if "@" not in address or not address.isascii() or re.search(r"[\s\x00-\x1f]", address):
            raise ValueError
        return Address(display_name=name, addr_spec=address)
    except (ValueError, HeaderParseError):
        raise SettingRefused(
            "设置了 JINZHU_MAIL 就须同时设置 JINZHU_MAIL_FROM(发件人地址),"
            "例如 进驻平台 <jinzhu@example.gov.cn>。",
            "JINZHU_MAIL needs JINZHU_MAIL_FROM beside it, whom mails come from, for example "
            "Jinzhu <jinzhu@example.gov.cn>.",
        ) from None


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set; every default suits one machine."""

    port: int
    data: Path
    database_url: str
    database_owner_url: str
    redis_url: str
    web_password: str
    idle_minutes: int
    secure_cookies: bool
    #: The program that looks at each file that comes; none by default.
    scan_command: str = ""
    #: Where the keys for personal data are; `jinzhu run` makes them in the data folder.
    key_file: str = ""
    #: How many proxies stand in front of the service and say truly for whom they ask.
    proxies: int = 0
    #: The address at which the public reaches the service, for codes that are printed.
    address: str = ""
    #: The server that takes mails; None where this installation sends none.
    mail: MailServer | None = None

    @classmethod
    def read(cls) -> Self:
        """Read the environment as it is now."""
        env = os.environ
        data = Path(env.get("JINZHU_DATA") or "var")
        address = env.get("JINZHU_ADDRESS", "").rstrip("/")
        return cls(
            port=int(env.get("JINZHU_PORT") or 8000),
            data=data,
            database_url=env.get("DATABASE_URL", ""),
            database_owner_url=env.get("DATABASE_OWNER_URL", ""),
            redis_url=env.get("REDIS_URL", ""),
            web_password=env.get("JINZHU_WEB_PASSWORD", ""),
            idle_minutes=int(env.get("JINZHU_IDLE_MINUTES") or 30),
            secure_cookies=env.get("JINZHU_SECURE_COOKIES", "") == "1",
            scan_command=env.get("JINZHU_SCAN_COMMAND", ""),
            key_file=env.get("JINZHU_KEY_FILE") or str(data / "keys.json"),
            proxies=int(env.get("JINZHU_PROXIES") or 0),
            address=address,
            mail=MailServer.read(env, address),
        )


def sqlalchemy_url(url: str) -> str:
    """Name the driver in a PostgreSQL address, as SQLAlchemy wants it."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return DRIVER + url.removeprefix(scheme)
    return url
