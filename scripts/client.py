"""Write the console's API client from the routes; --check only says whether it is up to date."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
DOCUMENT = FRONTEND / "openapi.json"
CLIENT = FRONTEND / "src" / "api" / "schema.ts"


def generate() -> None:
    """Write the document and the client."""
    document = subprocess.run(
        [sys.executable, "-m", "jinzhu", "openapi"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    ).stdout
    DOCUMENT.write_bytes(document)
    subprocess.run(
        ["npm", "run", "--silent", "client"], cwd=FRONTEND, stdout=subprocess.PIPE, check=True
    )


def check() -> bool:
    """Say whether what would be written is what is there; leave it as it is."""
    before = {path: path.read_bytes() if path.exists() else None for path in (DOCUMENT, CLIENT)}
    try:
        generate()
        return all(path.read_bytes() == text for path, text in before.items() if path == CLIENT)
    finally:
        for path, text in before.items():
            if text is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(text)


def main() -> int:
    try:
        if "--check" not in sys.argv:
            generate()
            print(f"{CLIENT.relative_to(ROOT)} written")
        elif not check():
            print(f"✗ {CLIENT.relative_to(ROOT)} is not what the routes say: run make client")
            return 1
    except subprocess.CalledProcessError as error:
        print(f"✗ {' '.join(map(str, error.cmd))} failed", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
