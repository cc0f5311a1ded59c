"""The audit: who changed what, and when, out of the journal."""
