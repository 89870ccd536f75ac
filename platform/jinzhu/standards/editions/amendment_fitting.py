"""What a city has published already that a new edition from above allows: nobody is asked again.

By the one rule of `app.broken`; the statements take `edition`, the one from above.
"""


def fitting(met: str) -> str:
    """Return the statement for what takes the place of an edition, named as in a statement.

    For the edition of an amendment that the new edition does not allow: the newest that the city
    has published since and that is in force, where the new edition does allow that.  The newest is
    the city's word; where it does not fit, the city is asked, and what it has replaced itself does
    not come back because it would fit.
    """
    return f"""
        SELECT newest.id
        FROM edition met
        CROSS JOIN LATERAL (
            SELECT later.id FROM edition later
            WHERE later.standard_id = met.standard_id AND later.number > met.number
                AND later.state = 'published'
                AND later.effective_on <= CAST(now() AT TIME ZONE 'Asia/Shanghai' AS date)
            ORDER BY later.number DESC LIMIT 1) newest
        WHERE met.id = {met} AND {_broken("met.id")} AND NOT {_broken("newest.id")}
    """


def _broken(edition: str) -> str:
    """Return the condition that an edition says something the one from above does not allow."""
    return f"""EXISTS (
            SELECT FROM edition_entry l
            JOIN edition_entry u ON u.edition_id = :edition AND u.provision_id = l.provision_id
            JOIN revision said ON said.id = l.revision_id
            JOIN revision above ON above.id = u.revision_id
            WHERE l.edition_id = {edition} AND app.broken(above.bounds, said.content) <> '{{}}')
    """
