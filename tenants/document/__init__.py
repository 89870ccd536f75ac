"""Documents of cases: attached to steps, with number and validity, and those the product prints."""
