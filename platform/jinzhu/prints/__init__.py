"""What is printed: forms filled in and set as PDF, with the fonts of the product in them."""
