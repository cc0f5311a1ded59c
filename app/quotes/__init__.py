"""Quotes: words held verbatim to the article in which they stand."""
