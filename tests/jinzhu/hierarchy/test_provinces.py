"""The tree of centers over all 31 provinces, as read from the real list."""

from collections import Counter

import pytest

from jinzhu.hierarchy import provinces
from jinzhu.hierarchy.models import Level
from jinzhu.hierarchy.provinces import Division, Row, UnknownDivision, listed, tree

PROVINCES = [row.code for row in listed() if row.level is Level.PROVINCE]
every_province = pytest.mark.parametrize("code", PROVINCES)
#: Rows that are their city once more, because the city has no counties.
SHADOWS = {"441900", "442000", "460400", "620201"}


def by_code(code: str) -> dict[str, Division]:
    return {division.code: division for division in tree(code)}


def sizes(code: str) -> tuple[int, int, int, int]:
    """Count the province, its cities, its counties without and with development zones."""
    levels = Counter(division.level for division in tree(code))
    zones = sum(division.development_zone for division in tree(code))
    counties = levels[Level.COUNTY]
    return levels[Level.PROVINCE], levels[Level.CITY], counties - zones, counties


def is_placeholder(row: Row) -> bool:
    return row.level is Level.CITY and row.marked


def is_shadow(row: Row) -> bool:
    return row.level is Level.COUNTY and row.code in SHADOWS


def test_the_list_knows_31_provinces():
    assert len(PROVINCES) == 31


@every_province
def test_every_division_that_runs_a_center_stands_in_the_tree_exactly_once(code):
    expected = [
        row.code
        for row in listed()
        if row.code[:2] == code[:2] and not is_placeholder(row) and not is_shadow(row)
    ]
    assert sorted(division.code for division in tree(code)) == sorted(expected)


@every_province
def test_a_parent_stands_before_its_children_and_one_level_or_more_above(code):
    ranks = {Level.PROVINCE: 0, Level.CITY: 1, Level.COUNTY: 2}
    seen: dict[str, Division] = {}
    for division in tree(code):
        if division.level is Level.PROVINCE:
            assert division.parent is None
        else:
            assert division.parent is not None
            assert ranks[seen[division.parent].level] < ranks[division.level]
        seen[division.code] = division


@every_province
def test_there_is_one_root_and_every_path_leads_to_it(code):
    divisions = by_code(code)
    for division in divisions.values():
        steps = 0
        while division.parent is not None:
            division, steps = divisions[division.parent], steps + 1
        assert division.code == code
        assert steps <= 2


@every_province
def test_names_are_unique_in_the_province_and_not_empty(code):
    names = Counter(division.name for division in tree(code))
    assert all(names)
    assert {name for name, times in names.items() if times > 1} == set()


@every_province
def test_development_zones_are_county_level_centers_with_codes_71_to_79(code):
    for division in tree(code):
        ending = division.level is Level.COUNTY and "71" <= division.code[4:] <= "79"
        assert division.development_zone is ending


@every_province
def test_no_placeholder_is_a_center(code):
    for division in tree(code):
        assert division.name not in ("市辖区", "县")
        assert "直辖县级" not in division.name


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("510000", (1, 21, 183, 183)),  # Sichuan: 205 centers
        ("370000", (1, 16, 136, 151)),  # Shandong: 153, and 15 development zones
        ("110000", (1, 0, 16, 16)),
        ("310000", (1, 0, 16, 16)),
        ("500000", (1, 0, 38, 38)),
        ("440000", (1, 21, 122, 122)),  # 东莞 and 中山 have no counties
        ("460000", (1, 4, 26, 26)),  # 儋州 has none
    ],
)
def test_known_provinces_have_their_known_size(code, expected):
    assert sizes(code) == expected


@pytest.mark.parametrize(
    ("county", "province"),
    [("429004", "420000"), ("419001", "410000"), ("469021", "460000"), ("659001", "650000")],
)
def test_counties_directly_under_a_province_hang_under_it(county, province):
    assert by_code(province)[county].parent == province
    assert by_code(province)[county].level is Level.COUNTY


@pytest.mark.parametrize("code", ["110000", "120000", "310000", "500000"])
def test_districts_of_a_municipality_hang_directly_under_it(code):
    assert {division.parent for division in tree(code)} == {None, code}


@pytest.mark.parametrize("city", ["441900", "442000", "460400", "620200"])
def test_a_city_without_counties_is_one_center_of_the_level_city(city):
    divisions = by_code(f"{city[:2]}0000")
    assert divisions[city].level is Level.CITY
    assert [d.code for d in divisions.values() if d.parent == city] == []


def test_a_name_that_stands_twice_in_the_province_carries_its_city():
    sichuan = by_code("51")
    assert sichuan["511002"].name == "内江市市中区"
    assert sichuan["511102"].name == "乐山市市中区"
    assert sichuan["511602"].name == "广安区"


@pytest.mark.parametrize("division", ["51", "510000"])
def test_a_province_may_be_named_by_two_or_six_digits(division):
    assert provinces.province_code(division) == "510000"


@pytest.mark.parametrize("division", ["", "5", "99", "511602", "511600", "四川", "51 ", "710000"])
def test_an_unknown_division_is_refused_with_the_list_of_those_there_are(division):
    with pytest.raises(UnknownDivision, match="is not a province") as refused:
        tree(division)
    assert isinstance(refused.value, ValueError)
    assert all(code[:2] in str(refused.value) for code in PROVINCES)
