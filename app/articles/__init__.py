"""Articles: the resource at the centre."""
