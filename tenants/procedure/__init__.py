"""Cases in course: how departments and items of a center enter, change and leave."""
