"""The mechanism: knows no noun of a service center."""
