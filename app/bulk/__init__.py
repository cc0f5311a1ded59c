"""Many writes in one request: lines of JSON in, a line on each out."""
