"""How much of everything a run of the benchmarks has."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """A size by name."""

    name: str
    #: How many centers get the standard; None: every center of the province.
    centers: int | None
    items: int
    staff: int
    #: Provisions that an edition changes before it is pushed.
    changed: int
    pairs: int
    #: Requests, and statements, on each side of a pair.
    requests: int
    statements: int
    starts: int


SIZES = {
    size.name: size
    for size in (
        Size(
            "tiny",
            centers=6,
            items=100,
            staff=60,
            changed=30,
            pairs=2,
            requests=120,
            statements=40,
            starts=1,
        ),
        Size(
            "province",
            centers=None,
            items=1366,
            staff=25_000,
            changed=400,
            pairs=7,
            requests=1_000,
            statements=300,
            starts=5,
        ),
    )
}
#: Sizes that the plan of measures knows and that nothing uses yet.
LATER = {
    "country": "the figures of growth need it (push.country, growth.page); they come with a "
    "later issue. Take tiny or province."
}
