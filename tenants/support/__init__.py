"""What a center provides to the departments in it: rooms, network, equipment, as a check list."""
