"""What one center keeps: one folder per record type."""
