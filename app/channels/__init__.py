"""Streaming channels: what they carry, and what they show when."""
