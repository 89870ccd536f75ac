"""What migrating and making the demo come to in tests of `jinzhu run`."""

import json
import os
import sys
from pathlib import Path

import psycopg

ROLE = """DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jinzhu_web')
    THEN CREATE ROLE jinzhu_web LOGIN NOINHERIT; END IF;
END $$"""
TABLE = "CREATE TABLE IF NOT EXISTS note (body text); GRANT ALL ON note TO jinzhu_web"


def main(accounts: str) -> None:
    if (Path(accounts).parent / "broken-prepare").exists():
        raise SystemExit("prepare is broken on purpose")
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
        connection.execute(ROLE)
        connection.execute(TABLE)
        password = os.environ.get("JINZHU_WEB_PASSWORD")
        if password:
            connection.execute(f"ALTER ROLE jinzhu_web PASSWORD '{password}'")
    posts = [{"role": {"code": "clerk", "name": "窗口人员"}}]
    account = {"username": "51", "password": "p", "posts": posts, "center": {"name": "四川省"}}
    Path(accounts).write_text(json.dumps([account]), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
