"""The operations on the quality of records, for a kind that has rules."""

from typing import Any

from jinzhu.core.http import Routes, scope
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.files import sending
from jinzhu.standards import coverage
from jinzhu.standards.quality import findings, sheet
from jinzhu.standards.quality.quality_schemas import (
    BelowQuery,
    FindingRowSchema,
    QualityBelowSchema,
    QualityFiguresSchema,
    QualityQuery,
)


def _own() -> int:
    tenant_id = scope().tenant_id
    assert tenant_id is not None
    return tenant_id


def add_quality_routes(routes: Routes, kind: str) -> None:
    """Add: findings, how many of each rule there are, the sheet, and the same of centers below."""
    _add_own(routes, kind)
    _add_below(routes, kind)


def _add_own(routes: Routes, kind: str) -> None:
    reads = f"{kind}.read"

    @routes.on("GET /quality", needs=reads, query=QualityQuery(), gives=rows_of(FindingRowSchema()))
    def list_findings(query: dict[str, Any]) -> Row:
        """List what is wrong with what this center shows, one row for each broken rule."""
        return findings.page(kind, query, center_id=_own())

    @routes.on(
        "GET /quality/figures", needs=reads, query=QualityQuery(), gives=QualityFiguresSchema()
    )
    def read_quality(query: dict[str, Any]) -> Row:
        """Show how many records were checked, and how many break each rule."""
        return findings.figures(kind, query, center_id=_own())

    @routes.on("GET /quality/workbook", needs=reads, query=QualityQuery())
    def download_findings(query: dict[str, Any]) -> Any:
        """Download the findings that the filters leave as an Excel workbook."""
        content = sheet.written(findings.every(kind, query, center_id=_own()))
        return sending.as_workbook(content, f"{kind}-quality")


def _add_below(routes: Routes, kind: str) -> None:
    @routes.on(
        "GET /quality/below",
        needs="coverage.read",
        query=BelowQuery(),
        gives=QualityBelowSchema(),
        reach=Reach.SUBTREE,
    )
    def read_quality_below(query: dict[str, Any]) -> Row:
        """Show the figures of this center and of those below it, by center just below."""
        return findings.below(kind, query)

    @routes.on(
        "GET /quality/of/<int:center_id>",
        needs="coverage.read",
        query=QualityQuery(),
        gives=rows_of(FindingRowSchema()),
        reach=Reach.SUBTREE,
    )
    def list_findings_below(query: dict[str, Any], center_id: int) -> Row:
        """List what is wrong with what a center below shows."""
        return findings.page(kind, query, center_id=coverage.below(center_id).id)

    @routes.on(
        "GET /quality/figures/of/<int:center_id>",
        needs="coverage.read",
        query=QualityQuery(),
        gives=QualityFiguresSchema(),
        reach=Reach.SUBTREE,
    )
    def read_quality_of(query: dict[str, Any], center_id: int) -> Row:
        """Show how many records of a center below were checked, and how many break each rule."""
        return findings.figures(kind, query, center_id=coverage.below(center_id).id)
