"""The response cache: answers kept ahead of routing, and never stale."""
