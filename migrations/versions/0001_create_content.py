"""Articles, quotes, entities, mentions, sections, publishers and media."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "former_slugs",
        sa.Column("resource", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=300), nullable=False),
        sa.Column("resource_id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("resource", "slug", name="pk_former_slugs"),
    )
    op.create_index("ix_former_slugs_resource_id", "former_slugs", ["resource_id"])
    op.create_table(
        "media",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("caption", sa.Text(), nullable=True),
        sa.Column("credit", sa.String(length=300), nullable=True),
        sa.Column("alt", sa.Text(), nullable=True),
        sa.Column("key", KEY, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint("kind IN ('image')", name=op.f("ck_media_kind")),
        sa.CheckConstraint("length(id) = 26", name=op.f("ck_media_id_length")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_media_revision_positive")),
        sa.PrimaryKeyConstraint("key", name="pk_media"),
        sa.UniqueConstraint("id", name="uq_media_id"),
    )
    op.create_table(
        "publishers",
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("folded_name", sa.String(length=600), nullable=False),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("address_notice", sa.Text(), nullable=True),
        sa.Column("apps", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint("length(id) = 26", name=op.f("ck_publishers_id_length")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_publishers_revision_positive")),
        sa.PrimaryKeyConstraint("key", name="pk_publishers"),
        sa.UniqueConstraint("id", name="uq_publishers_id"),
        sa.UniqueConstraint("slug", name="uq_publishers_slug"),
    )
    op.create_index("ix_publishers_folded_name", "publishers", ["folded_name"])
    op.create_table(
        "sections",
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("parent_key", KEY, nullable=True),
        sa.Column("key", KEY, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint("length(id) = 26", name=op.f("ck_sections_id_length")),
        sa.CheckConstraint("parent_key <> key", name=op.f("ck_sections_not_its_own_parent")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_sections_revision_positive")),
        sa.ForeignKeyConstraint(["parent_key"], ["sections.key"], name="fk_sections_parent_key"),
        sa.PrimaryKeyConstraint("key", name="pk_sections"),
        sa.UniqueConstraint("id", name="uq_sections_id"),
        sa.UniqueConstraint("path", name="uq_sections_path"),
    )
    op.create_index("ix_sections_parent_key", "sections", ["parent_key"])
    op.create_table(
        "articles",
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("headline", sa.String(length=500), nullable=False),
        sa.Column("standfirst", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("last_block", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("bylines", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("corrections", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("section_key", KEY, nullable=True),
        sa.Column("publisher_key", KEY, nullable=True),
        sa.Column("lead_media_key", KEY, nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("canonical_url", sa.Text(), nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("embargoed_until", INSTANT, nullable=True),
        sa.Column("key", KEY, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "status <> 'live' OR published_at IS NOT NULL",
            name=op.f("ck_articles_live_is_published"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'live', 'withdrawn')", name=op.f("ck_articles_status")
        ),
        sa.CheckConstraint("length(id) = 26", name=op.f("ck_articles_id_length")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_articles_revision_positive")),
        sa.ForeignKeyConstraint(
            ["lead_media_key"], ["media.key"], name="fk_articles_lead_media_key"
        ),
        sa.ForeignKeyConstraint(
            ["publisher_key"], ["publishers.key"], name="fk_articles_publisher_key"
        ),
        sa.ForeignKeyConstraint(["section_key"], ["sections.key"], name="fk_articles_section_key"),
        sa.PrimaryKeyConstraint("key", name="pk_articles"),
        sa.UniqueConstraint("id", name="uq_articles_id"),
        sa.UniqueConstraint("slug", name="uq_articles_slug"),
    )
    op.create_index("ix_articles_lead_media_key", "articles", ["lead_media_key"])
    op.create_index("ix_articles_published_at_key", "articles", ["published_at", "key"])
    op.create_index("ix_articles_publisher_key", "articles", ["publisher_key"])
    op.create_index(
        "ix_articles_section_key_published_at", "articles", ["section_key", "published_at", "key"]
    )
    op.create_index("ix_articles_updated_at_key", "articles", ["updated_at", "key"])
    op.create_table(
        "entities",
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("folded_name", sa.String(length=600), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("image_key", KEY, nullable=True),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "type IN ('person', 'organization', 'place', 'event', 'work', 'topic')",
            name=op.f("ck_entities_type"),
        ),
        sa.CheckConstraint("length(id) = 26", name=op.f("ck_entities_id_length")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_entities_name_not_empty")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_entities_revision_positive")),
        sa.ForeignKeyConstraint(["image_key"], ["media.key"], name="fk_entities_image_key"),
        sa.PrimaryKeyConstraint("key", name="pk_entities"),
        sa.UniqueConstraint("id", name="uq_entities_id"),
        sa.UniqueConstraint("slug", name="uq_entities_slug"),
    )
    op.create_index("ix_entities_folded_name_type", "entities", ["folded_name", "type"])
    op.create_index("ix_entities_image_key", "entities", ["image_key"])
    op.create_index("ix_entities_name_key", "entities", ["name", "key"])
    op.create_table(
        "media_renditions",
        sa.Column("media_key", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.CheckConstraint("height > 0", name=op.f("ck_media_renditions_height_positive")),
        sa.CheckConstraint("width > 0", name=op.f("ck_media_renditions_width_positive")),
        sa.ForeignKeyConstraint(
            ["media_key"], ["media.key"], name="fk_media_renditions_media_key", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("media_key", "position", name="pk_media_renditions"),
    )
    op.create_index("ix_media_renditions_url", "media_renditions", ["url"])
    op.create_table(
        "publisher_addresses",
        sa.Column("publisher_key", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_key"],
            ["publishers.key"],
            name="fk_publisher_addresses_publisher_key",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("publisher_key", "position", name="pk_publisher_addresses"),
        sa.UniqueConstraint("url", name="uq_publisher_addresses_url"),
    )
    op.create_table(
        "article_media",
        sa.Column("article_key", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("media_key", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_key"],
            ["articles.key"],
            name="fk_article_media_article_key",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["media_key"], ["media.key"], name="fk_article_media_media_key"),
        sa.PrimaryKeyConstraint("article_key", "position", name="pk_article_media"),
    )
    op.create_index("ix_article_media_media_key", "article_media", ["media_key"])
    op.create_table(
        "entity_aliases",
        sa.Column("entity_key", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("folded_name", sa.String(length=600), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_key"],
            ["entities.key"],
            name="fk_entity_aliases_entity_key",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entity_key", "position", name="pk_entity_aliases"),
    )
    op.create_index("ix_entity_aliases_folded_name", "entity_aliases", ["folded_name"])
    op.create_table(
        "entity_external_ids",
        sa.Column("entity_key", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_key"],
            ["entities.key"],
            name="fk_entity_external_ids_entity_key",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entity_key", "position", name="pk_entity_external_ids"),
        sa.UniqueConstraint("scheme", "value", name="uq_entity_external_ids_scheme_value"),
    )
    op.create_table(
        "mentions",
        sa.Column("key", KEY, nullable=False),
        sa.Column("article_key", KEY, nullable=False),
        sa.Column("entity_key", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("salience", sa.Double(), nullable=True),
        sa.CheckConstraint("role IN ('about', 'mentions')", name=op.f("ck_mentions_role")),
        sa.CheckConstraint("salience >= 0 AND salience <= 1", name=op.f("ck_mentions_salience")),
        sa.ForeignKeyConstraint(
            ["article_key"], ["articles.key"], name="fk_mentions_article_key", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["entity_key"], ["entities.key"], name="fk_mentions_entity_key"),
        sa.PrimaryKeyConstraint("key", name="pk_mentions"),
        sa.UniqueConstraint("article_key", "entity_key", name="uq_mentions_article_key_entity_key"),
    )
    op.create_index("ix_mentions_entity_key_article_key", "mentions", ["entity_key", "article_key"])
    op.create_table(
        "quotes",
        sa.Column("article_key", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("anchor", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("prefix", sa.String(length=64), nullable=False),
        sa.Column("suffix", sa.String(length=64), nullable=False),
        sa.Column("speaker_key", KEY, nullable=True),
        sa.Column("speaker_label", sa.String(length=300), nullable=True),
        sa.Column("speaker_role", sa.String(length=300), nullable=True),
        sa.Column("cue", sa.String(length=300), nullable=True),
        sa.Column("said_at", INSTANT, nullable=True),
        sa.Column("context", sa.String(length=300), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "anchor IN ('anchored', 'moved', 'ambiguous', 'drifted', 'orphaned')",
            name=op.f("ck_quotes_anchor"),
        ),
        sa.CheckConstraint(
            "kind IN ('direct', 'partial', 'indirect')", name=op.f("ck_quotes_kind")
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'confirmed', 'retracted')", name=op.f("ck_quotes_status")
        ),
        sa.CheckConstraint("length(id) = 26", name=op.f("ck_quotes_id_length")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_quotes_text_not_empty")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_quotes_revision_positive")),
        sa.ForeignKeyConstraint(
            ["article_key"], ["articles.key"], name="fk_quotes_article_key", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["speaker_key"], ["entities.key"], name="fk_quotes_speaker_key"),
        sa.PrimaryKeyConstraint("key", name="pk_quotes"),
        sa.UniqueConstraint("id", name="uq_quotes_id"),
    )
    op.create_index("ix_quotes_article_key_position", "quotes", ["article_key", "position"])
    op.create_index("ix_quotes_speaker_key_key", "quotes", ["speaker_key", "key"])
    op.create_table(
        "revisions",
        sa.Column("article_key", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("headline", sa.String(length=500), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_key"], ["articles.key"], name="fk_revisions_article_key", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_key", "revision", name="pk_revisions"),
    )
    op.create_table(
        "mention_spans",
        sa.Column("mention_key", KEY, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.CheckConstraint('start >= 0 AND "end" > start', name=op.f("ck_mention_spans_order")),
        sa.ForeignKeyConstraint(
            ["mention_key"],
            ["mentions.key"],
            name="fk_mention_spans_mention_key",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mention_key", "start", name="pk_mention_spans"),
    )
    op.create_table(
        "quote_spans",
        sa.Column("quote_key", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.CheckConstraint(
            'length(exact) = "end" - start', name=op.f("ck_quote_spans_exact_length")
        ),
        sa.CheckConstraint('start >= 0 AND "end" > start', name=op.f("ck_quote_spans_order")),
        sa.ForeignKeyConstraint(
            ["quote_key"], ["quotes.key"], name="fk_quote_spans_quote_key", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("quote_key", "position", name="pk_quote_spans"),
    )


def downgrade() -> None:
    op.drop_table("quote_spans")
    op.drop_table("mention_spans")
    op.drop_table("revisions")
    op.drop_index("ix_quotes_speaker_key_key", table_name="quotes")
    op.drop_index("ix_quotes_article_key_position", table_name="quotes")
    op.drop_table("quotes")
    op.drop_index("ix_mentions_entity_key_article_key", table_name="mentions")
    op.drop_table("mentions")
    op.drop_table("entity_external_ids")
    op.drop_index("ix_entity_aliases_folded_name", table_name="entity_aliases")
    op.drop_table("entity_aliases")
    op.drop_index("ix_article_media_media_key", table_name="article_media")
    op.drop_table("article_media")
    op.drop_table("publisher_addresses")
    op.drop_index("ix_media_renditions_url", table_name="media_renditions")
    op.drop_table("media_renditions")
    op.drop_index("ix_entities_name_key", table_name="entities")
    op.drop_index("ix_entities_image_key", table_name="entities")
    op.drop_index("ix_entities_folded_name_type", table_name="entities")
    op.drop_table("entities")
    op.drop_index("ix_articles_updated_at_key", table_name="articles")
    op.drop_index("ix_articles_section_key_published_at", table_name="articles")
    op.drop_index("ix_articles_publisher_key", table_name="articles")
    op.drop_index("ix_articles_published_at_key", table_name="articles")
    op.drop_index("ix_articles_lead_media_key", table_name="articles")
    op.drop_table("articles")
    op.drop_index("ix_sections_parent_key", table_name="sections")
    op.drop_table("sections")
    op.drop_index("ix_publishers_folded_name", table_name="publishers")
    op.drop_table("publishers")
    op.drop_table("media")
    op.drop_index("ix_former_slugs_resource_id", table_name="former_slugs")
    op.drop_table("former_slugs")
