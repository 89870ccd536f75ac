"""Standards that are pushed down without being copied."""
