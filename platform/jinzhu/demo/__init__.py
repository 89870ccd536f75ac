"""A province to look at: real divisions, departments and items, everything else made up."""
