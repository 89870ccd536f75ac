"""Standards of a line, and where two standards speak of the same thing."""
