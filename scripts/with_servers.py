"""Run a command with a PostgreSQL and a Valkey of its own, which are thrown away afterwards.

`with_servers.py [--binaries FOLDER] COMMAND …`: the command finds them by DATABASE_URL,
DATABASE_OWNER_URL and REDIS_URL; with --binaries, an installed PostgreSQL, also by
TEST_DATABASE_URL.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.postgres import OWNER, SUPERUSER, WEB, Postgres
from jinzhu.embedded.trouble import Trouble
from jinzhu.embedded.valkey import Valkey


def main(words: list[str]) -> int:
    binaries = None
    if words[0] == "--binaries":
        binaries, words = Path(words[1]), words[2:]
    with tempfile.TemporaryDirectory(prefix="jinzhu-") as place:
        folder = DataFolder(Path(place))
        folder.open()
        postgres = Postgres(folder, binaries=binaries, durable=False)
        valkey = Valkey(folder, durable=False)
        try:
            postgres.start()
            valkey.start()
            return subprocess.call(words, env=environment(folder, postgres, valkey, binaries))
        except Trouble as trouble:
            print(trouble.lines(), file=sys.stderr)
            return 1
        finally:
            valkey.stop()
            postgres.stop()
            folder.clear_sockets()


def environment(
    folder: DataFolder, postgres: Postgres, valkey: Valkey, binaries: Path | None
) -> dict[str, str]:
    """Return our environment with the addresses of the two servers."""
    found = {
        "DATABASE_URL": postgres.url(WEB),
        "DATABASE_OWNER_URL": postgres.url(OWNER),
        "JINZHU_WEB_PASSWORD": folder.secret("web"),
        "REDIS_URL": valkey.url(),
        "JINZHU_DATA": str(folder.path),
    }
    if binaries is not None:
        found["TEST_DATABASE_URL"] = postgres.url(SUPERUSER, database="postgres")
    return {**os.environ, **found}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
