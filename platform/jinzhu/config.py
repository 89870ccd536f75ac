"""Settings, read from the environment in this one place."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

DRIVER = "postgresql+psycopg://"


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

    @classmethod
    def read(cls) -> Self:
        """Read the environment as it is now."""
        env = os.environ
        return cls(
            port=int(env.get("JINZHU_PORT") or 8000),
            data=Path(env.get("JINZHU_DATA") or "var"),
            database_url=env.get("DATABASE_URL", ""),
            database_owner_url=env.get("DATABASE_OWNER_URL", ""),
            redis_url=env.get("REDIS_URL", ""),
            web_password=env.get("JINZHU_WEB_PASSWORD", ""),
            idle_minutes=int(env.get("JINZHU_IDLE_MINUTES") or 30),
            secure_cookies=env.get("JINZHU_SECURE_COOKIES", "") == "1",
        )


def sqlalchemy_url(url: str) -> str:
    """Name the driver in a PostgreSQL address, as SQLAlchemy wants it."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return DRIVER + url.removeprefix(scheme)
    return url
