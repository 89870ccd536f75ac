"""`frontend.initial`: the compressed JavaScript that is loaded before the first screen."""

import json
from pathlib import Path

from bench.figures import Figure

SIZE = Path(__file__).parents[1] / "frontend" / "dist" / "size.json"


def measure() -> Figure:
    """Read what the build of the console measured of itself.

    Raises:
        FileNotFoundError: if the console has not been built.
    """
    found = json.loads(SIZE.read_text())
    sign_in, first = (found[name]["javascript"] / 1000 for name in ("sign_in", "first_screen"))
    return Figure("frontend.initial", first, "kB", 250, detail={"sign_in_kB": sign_in})
