"""The items of a center."""
