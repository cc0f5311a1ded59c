"""Words in, matching quotes out: how text is compared, and what the database's index finds."""
