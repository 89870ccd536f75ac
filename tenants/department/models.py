"""A center's departments, as stored."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base, TenantOwned
from jinzhu.standards.models import LISTED, Claimed


class Department(TenantOwned, Claimed, Base):
    """A department 部门 of this center: its claim on a provision and its local values."""

    __tablename__ = "department"
    __table_args__ = (
        UniqueConstraint("tenant_id", "provision_id", postgresql_include=LISTED),
        # What a superior looks up: who of all centers offers this.
        Index(
            "ix_department_provision_id",
            "provision_id",
            "tenant_id",
            postgresql_where=text("claim = 'offered'"),
        ),
        CheckConstraint("claim <> 'not_offered' OR reason <> ''", name="reason_given"),
        CheckConstraint(
            "(claim = 'covered_by') = (covered_by_id IS NOT NULL)", name="covered_by_given"
        ),
        {"info": {"kind": "department"}},
    )


class EvaluationRule(TenantOwned, Base):
    """A rule by which a department is evaluated 评价规范 that the center itself attaches."""

    __tablename__ = "evaluation_rule"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "file_id"], ["stored_file.tenant_id", "stored_file.id"]),
        CheckConstraint("valid_until >= valid_from", name="in_order"),
        Index("ix_evaluation_rule_provision_id", "tenant_id", "provision_id"),
    )

    #: The department; null for a rule that holds for all of them.
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provision.id"))
    name: Mapped[str]
    number: Mapped[str] = mapped_column(server_default="")
    valid_from: Mapped[date | None]
    #: The last day on which it holds.
    valid_until: Mapped[date | None]
    file_id: Mapped[int] = mapped_column(BigInteger)
    file_name: Mapped[str]
    attached_by: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(BigInteger)
