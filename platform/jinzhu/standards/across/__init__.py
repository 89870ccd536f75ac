"""One provision in all centers, and what practice proposes to the standard."""
