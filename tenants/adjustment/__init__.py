"""Dynamic adjustment 动态调整: what becomes of an item, on which day, and what takes its place."""
