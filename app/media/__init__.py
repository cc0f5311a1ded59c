"""Media: the pictures, videos and recordings that articles show."""
