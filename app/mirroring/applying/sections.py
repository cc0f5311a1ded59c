"""Sections that were copied."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.documents.exports import Copy
from app.mirroring.rows import Row, Saved, head, save
from app.models import Section


def save_sections(session: Session, copies: Sequence[Copy]) -> list[Saved]:
    # What is above another has a shorter path, and is there before it.
    in_order = sorted(copies, key=lambda one: len(one["document"]["path"]))
    return save(session, Section, [section_row(one) for one in in_order])


def section_row(copied: Copy) -> Row:
    document, parent = copied["document"], copied["kept"]["parent"]
    return {
        **head(copied),
        "path": document["path"],
        "name": document["name"],
        "description": document["description"],
        "reviewed": copied["kept"]["reviewed"],
        "parent_key": None if parent is None else parent["key"],
    }
