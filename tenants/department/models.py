"""A center's departments, as stored."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text

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
