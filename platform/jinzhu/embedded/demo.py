"""Show who can sign in to the demo province, one account for each kind of work."""

import json
import unicodedata
from pathlib import Path
from typing import Any

from jinzhu.embedded.folder import DataFolder

MOST = 9


def accounts_file(folder: DataFolder) -> Path:
    """Return where the list of demo accounts is kept."""
    return folder.path / "demo-accounts.json"


def table(folder: DataFolder) -> list[str]:
    """Return a few lines: user name, password, who it is, center."""
    try:
        accounts: list[dict[str, Any]] = json.loads(accounts_file(folder).read_text("utf-8"))
    except (OSError, ValueError):
        return []
    rows = [_row(account) for account in one_of_each(accounts)]
    if not rows:
        return []
    rows.insert(0, ("用户名 user", "密码 password", "身份 who", "中心 center"))
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    return ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]


def one_of_each(accounts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first account of every role, and of the first role a second.

    Who writes an edition cannot approve it.
    """
    chosen: dict[str, dict[str, Any]] = {}
    for account in accounts:
        chosen.setdefault(_posts(account), account)
    first = _posts(accounts[0]) if accounts else ""
    second = [account for account in accounts if _posts(account) == first][1:2]
    shown = [*chosen.values()]
    return [*shown[:1], *second, *shown[1:]][:MOST]


def _row(account: dict[str, Any]) -> tuple[str, str, str, str]:
    center = account.get("center") or {}
    return (
        str(account.get("username", "")),
        str(account.get("password", "")),
        str(account.get("name") or _posts(account)),
        str(center.get("name", "")),
    )


def _posts(account: dict[str, Any]) -> str:
    return "、".join(_post(post) for post in account.get("posts") or [])


def _post(post: Any) -> str:
    """Return the name of a post's role, in whichever form it comes."""
    if isinstance(post, dict):
        role = post.get("role", post)
        return str(role.get("name", "")) if isinstance(role, dict) else str(role)
    return str(post)


def _width(text: str) -> int:
    """Return the columns a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
