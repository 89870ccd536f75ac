"""Lock the newest packages that pyproject.toml allows: with hashes, without any index's address.

The locking tool comes into a virtual environment that is thrown away, so it is no dependency.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = (
    "--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet"
)
# `run` takes its versions from `dev`, so that installing one after the other changes nothing.
LOCKS = {
    "dev": "pyproject.toml --group build --group dev",
    "run": "pyproject.toml --group build --constraint requirements/dev.txt",
    "node": "--group pyproject.toml:node",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        python = Path(place) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        for name, sources in LOCKS.items():
            output = f"requirements/{name}.txt"
            words = [*sources.split(), *OPTIONS.split(), *sys.argv[1:], "--output-file", output]
            subprocess.run([python, "-m", "uv", "pip", "compile", *words], cwd=ROOT, check=True)
            print(f"{output} written")


if __name__ == "__main__":
    main()
