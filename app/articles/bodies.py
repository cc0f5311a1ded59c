"""From a body as it was sent, in any of its formats, to blocks."""

from collections.abc import Sequence

from markdown_it import MarkdownIt

from app.articles.blocks import (
    BlockWrite,
    EmbedWrite,
    FormattedBody,
    HeadingWrite,
    ImageWrite,
    ListWrite,
    MarkedTextWrite,
    MarkWrite,
    VideoWrite,
)
from app.articles.canonical import DraftBlock, NewMedia, normalise_text
from app.articles.html_bodies import blocks_of_html
from app.documents.blocks import Mark
from app.documents.texts import is_blank, normalised
from app.errors import ValidationError
from app.media.schemas import MediaReference

# Deeper quotes and lists would be dropped by the parser; they are refused instead.
_MARKDOWN_DEPTH = 20
_CONTAINERS = ("blockquote_open", "list_item_open")
# Lines and brackets are what takes the parser long; a megabyte of prose has a tenth of this.
_MARKDOWN_SIGNS = 50_000

# HTML inside of Markdown is read as HTML: what comes out goes through the same sanitiser.
_MARKDOWN = MarkdownIt("commonmark", {"html": True, "maxNesting": _MARKDOWN_DEPTH})


def blocks_of(body: Sequence[BlockWrite] | FormattedBody) -> list[DraftBlock]:
    """The blocks of a valid body, their texts normalised. Those that were sent with an id have it.

    A short body can have more blocks than an article may: the caller counts them. Raises
    ValidationError for Markdown that nests too deep, or would take too long to read.
    """
    if not isinstance(body, FormattedBody):
        return [_draft(block) for block in body]
    content = body.content.removeprefix("\ufeff")
    if body.format == "text":
        return blocks_of_text(content)
    if body.format == "markdown":
        return blocks_of_markdown(content)
    return blocks_of_html(content)


def blocks_of_text(content: str) -> list[DraftBlock]:
    """A paragraph for each run of lines between blank ones."""
    blocks: list[DraftBlock] = []
    lines: list[str] = []
    for line in [*normalised(content).split("\n"), ""]:
        if not is_blank(line):
            lines.append(line)
        elif lines:
            text = "\n".join(lines).strip(" \t\n")
            blocks.append({"type": "paragraph", "text": text, "marks": []})
            lines = []
    return blocks


def blocks_of_markdown(content: str) -> list[DraftBlock]:
    """The blocks of CommonMark, and of the HTML inside it."""
    content = normalised(content)
    if content.count("\n") + content.count("[") > _MARKDOWN_SIGNS:
        raise _refused(f"The limit of Markdown is {_MARKDOWN_SIGNS} lines and brackets; send HTML.")
    tokens = _MARKDOWN.parse(content)
    if any(token.type in _CONTAINERS and token.level >= _MARKDOWN_DEPTH - 1 for token in tokens):
        raise _refused(
            f"Markdown may nest {_MARKDOWN_DEPTH} levels deep; a quote takes one, a list two."
        )
    return blocks_of_html(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _draft(block: BlockWrite) -> DraftBlock:
    draft = _unnamed_draft(block)
    if block.id is not None:
        draft["id"] = block.id
    return draft


def _unnamed_draft(block: BlockWrite) -> DraftBlock:
    if isinstance(block, ListWrite):
        items = [_marked_text(item) for item in block.items]
        return {
            "type": "list",
            "ordered": block.ordered,
            "items": [{"text": text, "marks": marks} for text, marks in items],
        }
    if isinstance(block, ImageWrite | VideoWrite):
        return {"type": block.type, "media": media_draft(block.media)}
    if isinstance(block, EmbedWrite):
        return {"type": "embed", "url": block.url, "title": block.title}
    text, marks = _marked_text(block)
    if isinstance(block, HeadingWrite):
        return {"type": "heading", "level": block.level, "text": text, "marks": marks}
    return {"type": block.type, "text": text, "marks": marks}


def media_draft(media: MediaReference) -> str | NewMedia:
    """An id, or the address with the texts that were sent with it."""
    if media.url is None:
        return str(media.id)  # one of the two is there
    return {
        "url": media.url,
        "alt": media.alt,
        "caption": media.caption,
        "credit": media.credit,
    }


def _marked_text(content: MarkedTextWrite) -> tuple[str, list[Mark]]:
    return normalise_text(content.text, [_mark(mark) for mark in content.marks])


def _mark(mark: MarkWrite) -> Mark:
    kept = Mark(type=mark.type, start=mark.start, end=mark.end)
    if mark.href is not None:
        kept["href"] = mark.href
    return kept


def _refused(detail: str) -> ValidationError:
    return ValidationError(detail, errors=[{"pointer": "/body/content", "detail": detail}])
