"""What waits for somebody, by mail as well: who wants it, when, and what became of it."""
