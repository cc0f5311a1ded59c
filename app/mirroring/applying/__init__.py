"""What the source serves, as rows: one module a resource."""
