"""What a city asks beyond the standard above it."""
