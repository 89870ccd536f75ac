"""Decide which servers the parts of the platform use, and what each of them may know.

The web server and the worker get the web role's address only; the owner's is for migrating.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from jinzhu.config import Settings
from jinzhu.embedded import trouble
from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.postgres import OWNER, WEB, Postgres
from jinzhu.embedded.valkey import Valkey

PRIVATE = ("DATABASE_OWNER_URL", "JINZHU_WEB_PASSWORD")
IDENTITY = ("user", "password")
LOOK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything is; without an owner nothing is migrated."""

    web: str
    redis: str
    owner: str | None
    web_password: str | None
    embedded: bool = False

    def for_service(self, settings: Settings, folder: DataFolder) -> dict[str, str]:
        """Return the environment of the web server and the worker."""
        kept = {name: value for name, value in os.environ.items() if name not in PRIVATE}
        return kept | {
            "DATABASE_URL": self.web,
            "REDIS_URL": self.redis,
            "JINZHU_DATA": str(folder.path),
            "JINZHU_KEY_FILE": os.environ.get("JINZHU_KEY_FILE") or str(folder.keys()),
            "JINZHU_PORT": str(settings.port),
            "PYTHONUNBUFFERED": "1",
        }

    def for_migration(self, settings: Settings, folder: DataFolder) -> dict[str, str]:
        """Return the environment of what changes the schema and makes the demo."""
        environment = self.for_service(settings, folder)
        if self.owner is not None:
            environment["DATABASE_OWNER_URL"] = self.owner
        if self.web_password is not None:
            environment["JINZHU_WEB_PASSWORD"] = self.web_password
        return environment


def look_at_given(settings: Settings) -> dict[str, bool]:
    """Look at the servers the operator brought, before anything of ours starts.

    With an owner's address the web role is looked at later: migrating may have to make it.
    """
    given = {
        "DATABASE_OWNER_URL": settings.database_owner_url if settings.database_url else "",
        "DATABASE_URL": "" if settings.database_owner_url else settings.database_url,
        "REDIS_URL": settings.redis_url,
    }
    names = [name for name, url in given.items() if url]
    return look(*names) if names else {}


def of_database(
    settings: Settings, folder: DataFolder, postgres: Postgres | None, *, owner_given: bool
) -> Addresses:
    """Return the database addresses: of our own server, or derived from what the operator gave."""
    if postgres is not None:
        password = folder.secret("web")
        return Addresses(postgres.url(WEB), "", postgres.url(OWNER), password, embedded=True)
    if settings.database_owner_url:
        given = unquote(urlsplit(settings.database_url).password or "") or None
        return Addresses(settings.database_url, "", settings.database_owner_url, given)
    if owner_given:
        password = folder.secret("web")
        web = address_for(settings.database_url, WEB, password)
        return Addresses(web, "", settings.database_url, password)
    return Addresses(settings.database_url, "", None, None)


def of_redis(settings: Settings, valkey: Valkey | None) -> str:
    """Return the address of the queue."""
    if valkey is not None:
        return valkey.url()
    return settings.redis_url


def look(*names: str, environment: dict[str, str] | None = None) -> dict[str, bool]:
    """Look at the servers that settings name; say which database could be migrated."""
    shown = subprocess.run(
        [sys.executable, "-m", "jinzhu.embedded.external", *names],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        timeout=LOOK_SECONDS,
        check=True,
    ).stdout
    found = json.loads(shown)
    if "trouble" in found:
        raise trouble.Trouble(*found["trouble"])
    answer: dict[str, bool] = found
    return answer


def address_for(url: str, role: str, password: str) -> str:
    """Return the same database's address for another role."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    query = [(key, value) for key, value in parse_qsl(parts.query) if key not in IDENTITY]
    who = f"{quote(role, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{who}@{place}", query=urlencode(query)))
