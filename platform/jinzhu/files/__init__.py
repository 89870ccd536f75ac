"""Files of a center: in the database, behind the same boundary as the rows that refer to them."""
