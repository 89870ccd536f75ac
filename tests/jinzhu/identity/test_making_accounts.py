"""The first account of a province is made by its operator."""

import pytest

from jinzhu.hierarchy import provinces
from jinzhu.identity import accounts


@pytest.fixture
def connection(owner):
    """The owner's connection; nothing stays."""
    with owner.connect() as opened, opened.begin() as outer:
        yield opened
        outer.rollback()


def test_an_account_has_a_post_and_a_password_to_change(connection):
    made = accounts.create(
        connection, username="first", name="首位", center="510000", role="standards_officer"
    )
    assert len(made) >= 12
    row = connection.exec_driver_sql(
        "SELECT a.must_change_password, p.role_code FROM account a"
        " JOIN post p ON p.account_id = a.id WHERE a.username = 'first'"
    ).one()
    assert tuple(row) == (True, "standards_officer")


@pytest.mark.parametrize(
    ("username", "center", "role", "said"),
    [
        ("x", "999999", "clerk", "no center"),
        ("x", "510000", "emperor", "not a role"),
        ("county", "510000", "clerk", "already"),
    ],
)
def test_what_cannot_be_made_is_said(connection, username, center, role, said):
    with pytest.raises(accounts.NotPossible, match=said):
        accounts.create(connection, username=username, name="n", center=center, role=role)


def test_an_installation_serves_one_province(connection):
    provinces.refuse_second(connection, "51")
    with pytest.raises(provinces.SecondProvince, match="四川省"):
        provinces.refuse_second(connection, "44")
