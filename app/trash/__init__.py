"""The trash: what was deleted, and can be brought back."""
