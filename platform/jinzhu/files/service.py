"""Storing files: checked, scanned, and once for each content in a center."""

import shlex
import subprocess
from hashlib import sha256

import structlog
from flask import current_app
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from jinzhu.core.db import db
from jinzhu.core.problems import Unavailable, invalid
from jinzhu.core.tenancy import current
from jinzhu.files.contents import type_of
from jinzhu.files.models import StoredFile

SCAN_SECONDS = 60
#: How much of what the scanner says is passed on.
MOST_WORDS = 300
log = structlog.get_logger()


class ScanFailed(Unavailable):
    """The scanner of this server did not say yes or no; nothing unscanned is kept."""

    code = "scan_failed"


def store(content: bytes, *, name: str) -> StoredFile:
    """Store a content at the present center, or find it there.

    Raises:
        Invalid: if it is of a type or size that is not taken, or the scanner refuses it.
        ScanFailed: if the scanner does not work.
    """
    kind = type_of(content, name)
    scan(content, name=name)
    digest = sha256(content).hexdigest()
    row = {"sha256": digest, "type": kind, "size": len(content), "content": content}
    statement = insert(StoredFile).values(row)
    db.session.execute(statement.on_conflict_do_nothing(index_elements=["tenant_id", "sha256"]))
    return db.session.scalars(
        select(StoredFile).where(
            StoredFile.tenant_id == current().tenant_id, StoredFile.sha256 == digest
        )
    ).one()


def scan(content: bytes, *, name: str) -> None:
    """Let the program of the setting JINZHU_SCAN_COMMAND look at a content, if there is one.

    It gets the content on its standard input; 0 is a yes, 1 a no with the text it prints.
    """
    command = current_app.config["SETTINGS"].scan_command
    if not command:
        return
    try:
        done = subprocess.run(
            shlex.split(command), input=content, capture_output=True, timeout=SCAN_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("scan failed", reason=str(error))
        raise ScanFailed from error
    if done.returncode == 1:
        told = (done.stdout or done.stderr).decode(errors="replace").strip()[:MOST_WORDS]
        raise invalid("file", "file.refused", value=name, rule="scan", told=told or "—")
    if done.returncode != 0:
        log.error("scan failed", code=done.returncode, reason=done.stderr[:MOST_WORDS])
        raise ScanFailed
