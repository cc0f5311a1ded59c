"""The journal, followed: what changed since a position, as pages and as a live stream."""
