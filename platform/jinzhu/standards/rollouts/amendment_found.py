"""Where an edition from above and the amendments of cities collide, as the statements begin.

They give `city` and `found`, and take `standard` and `edition`.  By the one rule of `app.broken`.
"""

from jinzhu.standards.editions.amendment_fitting import fitting

#: The cities of the centers that a roll-out goes to.
CONCERNED = """
    WITH city AS MATERIALIZED (
        SELECT DISTINCT s.owner_id AS city_id, s.id AS standard_id
        FROM center c
        JOIN standard s ON s.owner_id = ANY (c.path) AND s.amends_id = :standard
        WHERE c.id = ANY (CAST(:centers AS int[]))
    )
"""

#: All cities at or below the own center that amend the standard.
AMENDING = """
    WITH city AS MATERIALIZED (
        SELECT s.owner_id AS city_id, s.id AS standard_id
        FROM standard s JOIN center c ON c.id = s.owner_id
        WHERE s.amends_id = :standard AND c.path @> ARRAY[app.tenant_id()]
    )
"""

#: The editions of amendments that a center stands on which has not got the new edition yet.
STANDING = """
    , standing AS MATERIALIZED (
        SELECT DISTINCT city.city_id, city.standard_id, m.edition_id
        FROM city
        JOIN adoption m ON m.standard_id = city.standard_id
        JOIN adoption a ON a.tenant_id = m.tenant_id AND a.standard_id = :standard
            AND a.edition_id <> :edition
    )
"""

#: Those of them in whose place the city has published nothing that fits, and the newest of each
#: such amendment: their fields that the new edition does not allow.
COLLIDING = f"""
    {STANDING}, open_ones AS MATERIALIZED (
        SELECT * FROM standing s WHERE NOT EXISTS ({fitting("s.edition_id")})
    ), concerned AS (
        SELECT s.city_id, e.id, e.number FROM open_ones s JOIN edition e ON e.id = s.edition_id
        UNION
        SELECT * FROM (
            SELECT DISTINCT ON (e.standard_id) s.city_id, e.id, e.number
            FROM open_ones s
            JOIN edition e ON e.standard_id = s.standard_id AND e.state = 'published'
            ORDER BY e.standard_id, e.number DESC) newest
    ), found AS (
        SELECT DISTINCT ON (c.city_id, upper.provision_id, wrong.field) c.city_id,
            c.id AS amendment_id, upper.provision_id, r.kind, wrong.field,
            coalesce(r.rules -> wrong.field ->> 'rule', 'fixed') AS rule,
            a.content -> wrong.field AS value, r.content -> wrong.field AS bound
        FROM concerned c
        JOIN edition_entry lower ON lower.edition_id = c.id
        JOIN edition_entry upper ON upper.edition_id = :edition
            AND upper.provision_id = lower.provision_id
        JOIN revision a ON a.id = lower.revision_id
        JOIN revision r ON r.id = upper.revision_id
        CROSS JOIN LATERAL unnest(app.broken(r.bounds, a.content)) wrong (field)
        ORDER BY c.city_id, upper.provision_id, wrong.field, c.number DESC
    )
"""
