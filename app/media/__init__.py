"""Media: the pictures that articles show."""
