"""What has entered a center, and how: departments and items, since when, under which decision."""
