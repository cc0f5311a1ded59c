"""Media that move and sound: videos and recordings, their captions, posters and rights windows."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)

# What media and their renditions had before.
MEDIA = ("key", "id", "revision", "kind", "caption", "credit", "alt", "created_at", "updated_at")
RENDITIONS = ("media_key", "position", "url", "type", "width", "height")

KIND = "kind IN ('image', 'video', 'audio')"
MEDIA_CHECKS = {
    "focal_point_whole": "(focal_x IS NULL) = (focal_y IS NULL)",
    "focal_x": "focal_x >= 0 AND focal_x <= 1",
    "focal_y": "focal_y >= 0 AND focal_y <= 1",
    "duration_not_negative": "duration_seconds >= 0",
    "not_its_own_poster": "poster_key <> key",
    "window_not_empty": "available_from < available_until",
}
RENDITION_CHECKS = {"bitrate_positive": "bitrate > 0", "size_positive": "size > 0"}


def upgrade() -> None:
    if is_embedded():
        remake([*media_columns(), *new_media_columns()], KIND, MEDIA_CHECKS, RENDITION_CHECKS)
    else:
        add_to_tables()
    op.create_index("ix_media_poster_key", "media", ["poster_key"])
    create_tracks()
    # Articles show their media, which have more members now.
    op.execute("DELETE FROM rendered_articles")


def downgrade() -> None:
    """Videos and recordings go, with their places in articles."""
    op.drop_table("media_trick_plays")
    op.drop_table("media_captions")
    moving = "SELECT key FROM media WHERE kind <> 'image'"
    op.execute(f"UPDATE articles SET lead_media_key = NULL WHERE lead_media_key IN ({moving})")
    op.execute(f"DELETE FROM article_media WHERE media_key IN ({moving})")
    op.execute("DELETE FROM media WHERE kind <> 'image'")
    op.drop_index("ix_media_poster_key", "media")
    if is_embedded():
        remake(media_columns(), "kind IN ('image')", {}, {})
    else:
        take_from_tables()
    op.execute("DELETE FROM rendered_articles")


def media_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("caption", sa.Text(), nullable=True),
        sa.Column("credit", sa.String(length=300), nullable=True),
        sa.Column("alt", sa.Text(), nullable=True),
        sa.Column("key", KEY, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
    ]


def new_media_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("focal_x", sa.Double(), nullable=True),
        sa.Column("focal_y", sa.Double(), nullable=True),
        sa.Column("duration_seconds", sa.Double(), nullable=True),
        sa.Column("poster_key", KEY, nullable=True),
        sa.Column("available_from", INSTANT, nullable=True),
        sa.Column("available_until", INSTANT, nullable=True),
    ]


def new_rendition_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("bitrate", sa.BigInteger(), nullable=True),
        sa.Column("codecs", sa.String(length=200), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
    ]


def add_to_tables() -> None:
    for column in new_media_columns():
        op.add_column("media", column)
    for column in new_rendition_columns():
        op.add_column("media_renditions", column)
    op.create_foreign_key("fk_media_poster_key", "media", "media", ["poster_key"], ["key"])
    replace_kinds(KIND)
    for table, checks in (("media", MEDIA_CHECKS), ("media_renditions", RENDITION_CHECKS)):
        for name, check in checks.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, check)


def take_from_tables() -> None:
    # Their checks and their key go with the columns.
    for column in new_media_columns():
        op.drop_column("media", column.name)
    for column in new_rendition_columns():
        op.drop_column("media_renditions", column.name)
    replace_kinds("kind IN ('image')")


def replace_kinds(check: str) -> None:
    op.drop_constraint(op.f("ck_media_kind"), "media", type_="check")
    op.create_check_constraint(op.f("ck_media_kind"), "media", check)


def remake(
    columns: list[sa.Column[object]],
    kind: str,
    media_checks: dict[str, str],
    rendition_checks: dict[str, str],
) -> None:
    """SQLite changes no check of a table: it is made anew. What refers to its rows waits for them
    until the end of the transaction; renditions, which would go with them, are put aside too."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    kept = {"media": ", ".join(MEDIA), "media_renditions": ", ".join(RENDITIONS)}
    for table, names in kept.items():
        op.execute(f"CREATE TEMPORARY TABLE former_{table} AS SELECT {names} FROM {table}")
    op.drop_table("media_renditions")
    op.drop_table("media")
    has_poster = any(column.name == "poster_key" for column in columns)
    op.create_table(
        "media",
        *columns,
        sa.CheckConstraint(kind, name=op.f("ck_media_kind")),
        sa.CheckConstraint("length(id) = 26", name=op.f("ck_media_id_length")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_media_revision_positive")),
        *checks_of("media", media_checks),
        *(
            [sa.ForeignKeyConstraint(["poster_key"], ["media.key"], name="fk_media_poster_key")]
            if has_poster
            else []
        ),
        sa.PrimaryKeyConstraint("key", name="pk_media"),
        sa.UniqueConstraint("id", name="uq_media_id"),
    )
    op.create_table(
        "media_renditions",
        sa.Column("media_key", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        *(new_rendition_columns() if rendition_checks else []),
        sa.CheckConstraint("height > 0", name=op.f("ck_media_renditions_height_positive")),
        sa.CheckConstraint("width > 0", name=op.f("ck_media_renditions_width_positive")),
        *checks_of("media_renditions", rendition_checks),
        sa.ForeignKeyConstraint(
            ["media_key"], ["media.key"], name="fk_media_renditions_media_key", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("media_key", "position", name="pk_media_renditions"),
    )
    op.create_index("ix_media_renditions_url", "media_renditions", ["url"])
    for table, names in kept.items():
        op.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM former_{table}")
        op.execute(f"DROP TABLE former_{table}")


def checks_of(table: str, checks: dict[str, str]) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(check, name=op.f(f"ck_{table}_{name}")) for name, check in checks.items()
    ]


def create_tracks() -> None:
    op.create_table(
        "media_captions",
        sa.Column("media_key", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=True),
        sa.CheckConstraint(
            "kind IN ('captions', 'subtitles')", name=op.f("ck_media_captions_kind")
        ),
        sa.ForeignKeyConstraint(
            ["media_key"], ["media.key"], name="fk_media_captions_media_key", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("media_key", "position", name="pk_media_captions"),
    )
    op.create_table(
        "media_trick_plays",
        sa.Column("media_key", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("quality", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "quality IN ('SD', 'HD', 'FHD')", name=op.f("ck_media_trick_plays_quality")
        ),
        sa.ForeignKeyConstraint(
            ["media_key"], ["media.key"], name="fk_media_trick_plays_media_key", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("media_key", "position", name="pk_media_trick_plays"),
    )


def is_embedded() -> bool:
    return op.get_bind().dialect.name == "sqlite"
