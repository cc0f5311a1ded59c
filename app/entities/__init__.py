"""Entities: the persons, organizations, places and things that articles speak of."""
