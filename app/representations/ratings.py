"""Advisory ratings as each format writes them."""

from app.documents.feeds import Rating
from app.representations.television_text import clean_text

AMERICAN = "USA_PR"


def compact_rating(rating: Rating) -> Rating:
    """American television's without their hyphen, `TVPG`, as app and search feeds have it."""
    value = clean_text(rating["value"])
    if rating["source"] == AMERICAN:
        value = value.replace("-", "")
    return {"source": clean_text(rating["source"]), "value": value}


def hyphened_rating(rating: Rating) -> Rating:
    """American television's with their hyphen, `TV-PG`, as schedules and guides have it."""
    value = clean_text(rating["value"])
    if rating["source"] == AMERICAN and value.startswith("TV") and not value.startswith("TV-"):
        value = f"TV-{value[2:]}"
    return {"source": clean_text(rating["source"]), "value": value}
