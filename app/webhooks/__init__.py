"""Webhooks: who is told of changes, by requests that are signed and repeated until they arrive."""
