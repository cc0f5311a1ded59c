"""The journal: what changed, in one order over all resources."""
