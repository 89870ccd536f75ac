"""A new edition as the center that receives it sees it: updates, postponements, exemptions."""
