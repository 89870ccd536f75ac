"""The small standard, as the tests of the platform have it."""

from tests.jinzhu.conftest import an_item, office, province

__all__ = ["an_item", "office", "province"]
