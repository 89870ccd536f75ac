"""How much of everything a run of the benchmarks has."""

from dataclasses import dataclass, replace


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
    #: Centers of the country that growth is measured on, itself not part of the province.
    land: int = 0
    #: Of these, so many as a province has.
    few: int = 0
    #: Pairs of pushes over the country, each of which takes minutes.
    far_pairs: int = 0


TINY = Size(
    "tiny",
    centers=6,
    items=100,
    staff=60,
    changed=30,
    pairs=2,
    requests=120,
    statements=40,
    starts=1,
    land=24,
    few=4,
    far_pairs=2,
)
PROVINCE = Size(
    "province",
    centers=None,
    items=1366,
    staff=25_000,
    changed=400,
    pairs=7,
    requests=1_000,
    statements=300,
    starts=5,
)
#: 3,200 centers and 4.4 million items beside the province of before: for what growth costs.
COUNTRY = replace(PROVINCE, name="country", land=3_200, few=205, far_pairs=5)
SIZES = {size.name: size for size in (TINY, PROVINCE, COUNTRY)}
