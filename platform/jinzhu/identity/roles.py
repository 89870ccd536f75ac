"""The roles that ship with the product: bundles of permissions, named in the hall's own words."""

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from jinzhu.identity.models import Role

LOOKS_UP = ["center.read", "standard.read"]
READS = [
    *LOOKS_UP,
    "item.read",
    "department.read",
    "conflict.read",
    "procedure.read",
    "hall.read",
]
SUPERVISES = [*LOOKS_UP, "coverage.read", "rollout.read", "comparison.read"]
CLAIMS = [
    "item.write",
    "item.claim",
    "department.write",
    "department.claim",
    "conflict.settle",
    "job.read",
    "job.run",
]
#: What a center says to the editions that come to it.
RECEIVES = ["update.answer", "exemption.ask"]
#: What a center offers of its own, beside the standards.
OWNS = ["item.takeover", "collision.settle"]
#: Halls and windows, and who is where.
RUNS_HALLS = ["hall.write"]
#: Entry, change and exit of departments and items.
RUNS_PROCEDURES = ["procedure.propose", "procedure.decide", "objection.contact"]

ROLES: dict[str, list[str]] = {
    #: Writes the province's standards and pushes them down.
    "standards_officer": [
        *SUPERVISES,
        "standard.write",
        "edition.review",
        "standard.publish",
        "rollout.run",
        "label.write",
        "calendar.write",
        "exemption.decide",
        "proposal.decide",
        "job.read",
        "job.run",
        "collision.settle",
    ],
    #: Writes the standards of a line, for the departments of the post, and follows them down.
    "line_officer": [
        *SUPERVISES,
        "procedure.consent",
        "exemption.decide",
        "proposal.decide",
        "standard.write",
        "edition.review",
        "standard.publish",
        "rollout.run",
        "job.read",
        "job.run",
        "collision.settle",
    ],
    #: Watches over the centers below, and says something to what is overdue there.
    "supervisor": [*SUPERVISES, "procedure.urge"],
    #: Runs a center: its claims, its local values, its conflicts.
    "center_manager": [
        *READS,
        *CLAIMS,
        *RECEIVES,
        *OWNS,
        *RUNS_PROCEDURES,
        *RUNS_HALLS,
        "proposal.write",
    ],
    #: A city runs its own center and watches over its counties.
    "city_manager": [
        *READS,
        *RUNS_PROCEDURES,
        "procedure.consent",
        "procedure.urge",
        *RUNS_HALLS,
        *CLAIMS,
        *RECEIVES,
        *OWNS,
        "exemption.decide",
        "coverage.read",
        "standard.write",
        "edition.review",
        "standard.publish",
        "rollout.run",
        "rollout.read",
        "amendment.settle",
        "comparison.read",
        "proposal.write",
        "proposal.decide",
    ],
    #: Keeps the items of the own department.
    "department_liaison": [
        *READS,
        "item.write",
        "item.claim",
        "conflict.settle",
        "update.answer",
        "procedure.propose",
    ],
    #: Looks up what stands where.
    "clerk": READS,
}


def store(connection: Connection) -> None:
    """Write the shipped roles as they are in this release."""
    for code, permissions in ROLES.items():
        row = {"code": code, "permissions": sorted(set(permissions))}
        statement = insert(Role).values(row)
        connection.execute(statement.on_conflict_do_update(index_elements=["code"], set_=row))
