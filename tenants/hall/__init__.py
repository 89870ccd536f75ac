"""The halls of a center: zones, windows, and who stands at which window since when."""
