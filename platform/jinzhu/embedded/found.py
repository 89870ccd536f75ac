"""The servers of a `make run` that is under way in the data folder, for commands beside it."""

import json
from dataclasses import replace
from urllib.parse import quote

from jinzhu.config import Settings

POSTMASTER_LINES = 5  #: of postmaster.pid, up to the folder of the socket


def running(settings: Settings) -> Settings:
    """Return the settings with the addresses of the running servers, where none were given."""
    if settings.database_url or settings.database_owner_url:
        return settings
    try:
        secrets = json.loads((settings.data / "secrets.json").read_text("utf-8"))
        lines = (settings.data / "postgres" / "postmaster.pid").read_text().splitlines()
    except (OSError, ValueError):
        return settings
    if len(lines) < POSTMASTER_LINES:
        return settings
    port, sockets = lines[3], lines[4]

    def url(role: str, key: str) -> str:
        password, place = quote(secrets[key], safe=""), quote(sockets, safe="")
        return f"postgresql://{role}:{password}@/jinzhu?host={place}&port={port}"

    queue = settings.redis_url or f"unix://{quote(f'{sockets}/valkey.sock')}?db=0"
    return replace(
        settings,
        database_url=url("jinzhu_web", "web"),
        database_owner_url=url("jinzhu_owner", "owner"),
        redis_url=queue,
    )
