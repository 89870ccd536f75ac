"""A standard from its first draft to the edition that is published, compared and withdrawn."""
