"""Content from elsewhere: one module a source format, each ending in `articles.writes`."""
