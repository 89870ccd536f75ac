"""Figures: pairs of times taken in turn, their medians, the table and the file of results."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Literal

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure: the product's own value and, where there is one, its ratio to the bare limit.

    `limit` is the goal for the ratio or, where nothing is compared, for the value.
    """

    name: str
    value: float
    unit: str
    limit: float
    ratio: float | None = None
    goal: Literal["at_least", "at_most"] = "at_most"
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Say whether the goal is reached."""
        measured = self.value if self.ratio is None else self.ratio
        return measured >= self.limit if self.goal == "at_least" else measured <= self.limit

    def document(self) -> dict[str, Any]:
        """Return the figure as the file of results holds it."""
        return {
            "value": _rounded(self.value),
            "unit": self.unit,
            "limit": self.limit,
            "ratio": None if self.ratio is None else _rounded(self.ratio),
            "goal": self.goal,
            "met": self.met,
            "detail": _rounded(self.detail),
        }


@dataclass(frozen=True, slots=True)
class Pairs:
    """What was measured in turn on both sides."""

    own: list[float]
    other: list[float]

    @property
    def ratio(self) -> float:
        """Return the median of the ratios, pair by pair."""
        return median(own / other for own, other in zip(self.own, self.other, strict=True))

    def detail(self) -> dict[str, Any]:
        """Return the medians and each pair's ratio, for the file of results."""
        ratios = [own / other for own, other in zip(self.own, self.other, strict=True)]
        return {"own": median(self.own), "other": median(self.other), "ratios": ratios}


def alternate(pairs: int, own: Callable[[], float], other: Callable[[], float]) -> Pairs:
    """Measure both sides in turn; which goes first changes from pair to pair."""
    found = Pairs([], [])
    for number in range(pairs):
        sides = [(own, found.own), (other, found.other)]
        for measure, values in sides if number % 2 == 0 else reversed(sides):
            values.append(measure())
    return found


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return value


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as lines of text."""
    rows = [("measure", "value", "ratio", "goal", "")]
    for figure in figures:
        sign = "≥" if figure.goal == "at_least" else "≤"
        rows.append(
            (
                figure.name,
                f"{figure.value:.4g} {figure.unit}",
                "" if figure.ratio is None else f"{figure.ratio:.3f}",
                f"{sign} {figure.limit:g}",
                "met" if figure.met else "MISSED",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def store(figures: Iterable[Figure]) -> None:
    """Write the file of results; measures that this run left out keep what they had."""
    found = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    found |= {figure.name: figure.document() for figure in figures}
    RESULTS.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
