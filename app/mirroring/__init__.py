"""A copy of another service: first all of it, then what changes there."""
