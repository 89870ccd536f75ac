"""`frontend.initial`: the compressed JavaScript that is loaded before the first screen.

The first screen is the work desk, so its chunks count beside those of the page itself.
"""

import gzip
import json
from pathlib import Path
from typing import Any

from bench.figures import Figure

DIST = Path(__file__).parents[1] / "frontend" / "dist"
PAGE = "index.html"
SIGN_IN = (PAGE, "src/modules/session/SignInPage.vue")
DESK = (PAGE, "src/shell/AppShell.vue", "src/modules/desk/DeskPage.vue")


def measure() -> Figure:
    """Add up what the build's own manifest says is loaded.

    Raises:
        FileNotFoundError: if the console has not been built.
    """
    manifest = json.loads((DIST / ".vite" / "manifest.json").read_text())
    first, sign_in = _kilobytes(manifest, DESK), _kilobytes(manifest, SIGN_IN)
    return Figure("frontend.initial", first, "kB", 250, detail={"sign_in_kB": sign_in})


def _kilobytes(manifest: dict[str, Any], keys: tuple[str, ...]) -> float:
    loaded: set[str] = set()
    for key in keys:
        _load(manifest, key, loaded)
    files = {manifest[key]["file"] for key in loaded}
    return sum(_compressed(DIST / name) for name in files if name.endswith(".js")) / 1000


def _load(manifest: dict[str, Any], key: str, loaded: set[str]) -> None:
    """Add a chunk and everything it imports at once."""
    if key not in loaded:
        loaded.add(key)
        for other in manifest[key].get("imports", []):
            _load(manifest, other, loaded)


def _compressed(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), compresslevel=9))
