"""Documents of cases, as stored."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from jinzhu.core.db import Base, TenantOwned

#: 授权委托书, by which a department authorises its window: always with the day on which it ends.
POWER_OF_ATTORNEY = "授权委托书"


class CaseDocument(TenantOwned, Base):
    """A file attached to a step of a case, as the document that the step asks for, or beside it."""

    __tablename__ = "case_document"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "case_id"], ["procedure_case.tenant_id", "procedure_case.id"]
        ),
        ForeignKeyConstraint(["tenant_id", "file_id"], ["stored_file.tenant_id", "stored_file.id"]),
        CheckConstraint("valid_until >= valid_from", name="in_order"),
        Index("ix_case_document_case_id", "tenant_id", "case_id"),
        Index("ix_case_document_department_code", "tenant_id", "department_code", "name"),
        # What the clock looks through.
        Index(
            "ix_case_document_ending",
            "valid_until",
            postgresql_where=text("withdrawn_at IS NULL AND told < 2"),
        ),
    )

    case_id: Mapped[int] = mapped_column(BigInteger)
    file_id: Mapped[int] = mapped_column(BigInteger)
    department_code: Mapped[str]
    #: '' for what belongs to the case as a whole.
    step_code: Mapped[str] = mapped_column(server_default="")
    name: Mapped[str]
    file_name: Mapped[str]
    number: Mapped[str] = mapped_column(server_default="")
    valid_from: Mapped[date | None]
    #: The last day on which it holds.
    valid_until: Mapped[date | None]
    #: Told to those concerned: 0 not yet, 1 that it will end, 2 that it ends.
    told: Mapped[int] = mapped_column(server_default="0")
    attached_by: Mapped[int | None] = mapped_column(
        BigInteger, server_default=text("app.actor_id()")
    )
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(BigInteger)
