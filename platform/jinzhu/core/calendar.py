"""Which day it is in the service hall, wherever the server stands: China has one time, UTC+8."""

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


def today() -> date:
    """Return today's date in China."""
    return datetime.now(CHINA).date()
