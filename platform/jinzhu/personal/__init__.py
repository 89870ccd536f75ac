"""Personal data shown in full: who saw whose, and why."""
