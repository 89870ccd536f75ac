"""The tree of centers: province, city, county."""
