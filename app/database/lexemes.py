"""Words as a full-text index holds them.

A module of its own: to know this type takes all of one database's own types, which nobody needs
who reads an article from another.
"""

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import TSVECTOR

from app.database import postgresql

Lexemes = Text().with_variant(TSVECTOR(), postgresql.NAME)
