"""A draft as an Excel workbook, out and in."""
