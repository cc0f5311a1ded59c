"""By which names a resource is found: its id, its slug, and the slugs that it once had."""
