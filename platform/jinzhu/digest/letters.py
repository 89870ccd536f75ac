"""Letters as they are written: the one that asks, and the digest; as text and as a page."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from jinzhu.core import language
from jinzhu.core.calendar import CHINA
from jinzhu.core.language import say
from jinzhu.core.mail import Letter, whole_address
from jinzhu.digest import links
from jinzhu.digest.reading import MOST, Part

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=lambda name: name is not None and name.endswith(".html"),
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


def confirmation(*, center: str, seed: str, until: datetime, number: str) -> Letter:
    """Return the letter that asks whether digests are wanted at an address."""
    told = {
        "center": center,
        "url": links.address(seed, "confirmation", language.current()),
        "until": f"{until.astimezone(CHINA):%Y-%m-%d %H:%M}",
    }
    return _letter("confirmation", say("digest.asks.subject"), told, number=number)


def digest(found: Sequence[Part], *, center: str, day: date, seed: str, number: str) -> Letter:
    """Return the letter with what waits on a day."""
    mine, late = (sum(part.mine[name] for part in found) for name in ("total", "late"))
    named = {"center": center, "day": day, "n": mine, "late": late}
    code = "some_late" if late else "some" if mine else "none"
    stop = links.address(seed, "stop", language.current())
    told = {
        "center": center,
        "day": day,
        "parts": found,
        "most": MOST,
        "stop": stop,
        "desk": whole_address("/"),
        "settings": whole_address("/mail"),
        "notices": whole_address("/notices"),
    }
    return _letter("digest", say(f"digest.subject.{code}", **named), told, number=number, stop=stop)


def _letter(
    template: str, subject: str, told: dict[str, Any], *, number: str, stop: str = ""
) -> Letter:
    values = {**told, "say": say, "subject": subject, "language": language.current()}
    return Letter(
        subject=subject,
        text=_ENVIRONMENT.get_template(f"{template}.txt").render(values),
        html=_ENVIRONMENT.get_template(f"{template}.html").render(values),
        number=number,
        stop=stop,
    )
