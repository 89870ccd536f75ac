"""The days that a province works, or does not, beside the public calendar."""
