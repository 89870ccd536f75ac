"""Search over the centers below, over HTTP."""

from typing import Any

from jinzhu.core.http import Routes
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.standards.records import search
from jinzhu.standards.records.search_schemas import FoundSchema, SearchQuery


def add_search_routes(routes: Routes) -> None:
    """Add: which center offers what, by name."""

    @routes.on(
        "GET /search",
        needs="coverage.read",
        query=SearchQuery(),
        gives=rows_of(FoundSchema()),
        reach=Reach.SUBTREE,
    )
    def search_items(query: dict[str, Any]) -> Row:
        """Find items by name in the centers below, each with the center that offers it."""
        return search.page(query)
