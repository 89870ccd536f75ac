"""The halls of the complete county: what the record of an item says is what the map shows."""

from jinzhu.demo import windows

_STANDS = """
    SELECT p.code, i.local ->> 'window' AS said,
        z.floor || '楼' || z.name || w.number || '号窗口' AS stands
    FROM item i JOIN center c ON c.id = i.tenant_id AND c.code = '511602'
    JOIN provision p ON p.id = i.provision_id
    LEFT JOIN window_assignment a ON a.tenant_id = i.tenant_id
        AND a.provision_id = i.provision_id AND a.ends_on IS NULL
    LEFT JOIN hall_window w ON w.tenant_id = a.tenant_id AND w.id = a.window_id
    LEFT JOIN hall_zone z ON z.tenant_id = w.tenant_id AND z.id = w.zone_id
    WHERE i.claim = 'offered'
"""


def test_every_offered_item_stands_at_the_window_that_its_guide_names(built):
    rows = built.rows(_STANDS)
    assert len(rows) > 1000
    # What a center has of its own is not in the plan; its window is still to be given.
    planned = [row for row in rows if row[1] is not None and row[2] is not None]
    assert len(planned) >= len(rows) - 5
    assert all(said == stands for _, said, stands in planned)


def test_every_department_has_windows_of_the_kind_that_its_presence_asks_for(built):
    found = dict(
        built.rows("""
            SELECT a.code, string_agg(DISTINCT h.kind || ' ' || w.kind, ', ')
            FROM window_assignment a
            JOIN hall_window w ON w.tenant_id = a.tenant_id AND w.id = a.window_id
            JOIN hall h ON h.tenant_id = w.tenant_id AND h.id = w.hall_id
            WHERE a.object = 'department' GROUP BY 1""")
    )
    assert len(found) == 34
    assert found["BM27"] == "standalone department"  # tax: a hall of its own
    assert found["BM05"] == "branch department"  # public security: a branch hall
    assert found["BM30"] == "main proxy"  # fire: by proxy
    numbers = [
        number for hall in windows.HALLS for block in hall.blocks for number in block.numbers
    ]
    assert built.rows("SELECT count(*) FROM hall_window") == [(len(numbers),)]
