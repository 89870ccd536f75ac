"""Opening hours in words, as they stand on public pages and on signs."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from jinzhu.core.language import say
from jinzhu.workdays import opening


def of_day(hours: opening.Hours) -> str:
    """Return the hours of a day; '' where it is closed."""
    return ", ".join("–".join(span) for span in hours)


def of_week(weekly: Mapping[str, opening.Hours]) -> Iterator[str]:
    """Yield the hours of a week, days with the same hours together; closed days are left out."""
    days = [(day, of_day(weekly.get(day, []))) for day in opening.WEEK]
    for hours, run in groupby(days, key=lambda pair: pair[1]):
        numbers = [day for day, _ in run]
        if hours:
            first, last = (say(f"portal.weekday.{number}") for number in (numbers[0], numbers[-1]))
            named = first if first == last else say("portal.days", first=first, last=last)
            yield f"{named} {hours}"
