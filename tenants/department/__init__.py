"""The departments of a center."""
