"""A record as a center has it: what applies, what is its own, what it was, what it may become."""
