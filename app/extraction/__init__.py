"""Quotes, their speakers and named entities, found in the text of an article."""
