"""Publishers that were copied."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.documents.exports import Copy
from app.mirroring.rows import Row, Saved, head, numbered, replace_parts, save
from app.models import Publisher, PublisherAddress
from app.models.entity import fold_name


def save_publishers(session: Session, copies: Sequence[Copy]) -> list[Saved]:
    saved = save(session, Publisher, [publisher_row(one) for one in copies])
    addresses = [
        row
        for one in copies
        for row in numbered(
            one["key"], "publisher_key", ({"url": url} for url in one["document"]["addresses"])
        )
    ]
    # Another may have had them.
    urls = [row["url"] for row in addresses]
    session.execute(delete(PublisherAddress).where(PublisherAddress.url.in_(urls)))
    keys = [one["key"] for one in copies]
    replace_parts(session, PublisherAddress, "publisher_key", keys, addresses)
    return saved


def publisher_row(copied: Copy) -> Row:
    document = copied["document"]
    return {
        **head(copied),
        "slug": document["slug"],
        "name": document["name"],
        "folded_name": fold_name(document["name"]),
        "site": document["site"],
        "reviewed": copied["kept"]["reviewed"],
        "address_notice": document["address_notice"],
        "apps": document["apps"],
    }
