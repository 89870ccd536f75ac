"""What a center keeps without any standard: its own catalogue, brought in, detached, taken over."""
