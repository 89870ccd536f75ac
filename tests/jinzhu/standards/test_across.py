"""One provision across all centers: what is said of them is what each of them really does."""

from statistics import quantiles
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select, text

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach
from jinzhu.standards import across, across_spread, bulk, records
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.models import Revision

MORE = [f"测试{n}县" for n in range(1, 13)]


def number_of(code: str) -> int:
    """Return the number of a provision."""
    return db.session.scalars(select(Revision.provision_id).where(Revision.code == code)).first()


@pytest.fixture
def many(app, at, centers):
    """A province with as many counties as it takes to speak of outliers."""
    with at("四川省"):
        db.session.execute(text("RESET ROLE"))
    found = dict(centers)
    with app.app_context(), db.engine.begin_nested() if False else db.session.begin_nested():
        pass
    return found
