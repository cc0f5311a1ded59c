"""What a body becomes, in each of the formats in which it may be sent."""

import unicodedata
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app import errors
from app.articles.blocks import BodyWrite
from app.articles.bodies import blocks_of, blocks_of_markdown
from app.articles.canonical import DraftBlock, canonical_text
from app.articles.html_bodies import blocks_of_html
from app.documents.texts import Line, Text

BODY: TypeAdapter[Any] = TypeAdapter(BodyWrite)  # Any: a union with annotations has no type
MEDIA_ID = "01k" + "a" * 23


def body(sent: object) -> list[DraftBlock]:
    return blocks_of(BODY.validate_python(sent))


def formatted(content: str, body_format: str = "html") -> list[DraftBlock]:
    return body({"format": body_format, "content": content})


def paragraph(text: str, *marks: dict[str, object]) -> dict[str, object]:
    return {"type": "paragraph", "text": text, "marks": list(marks)}


def mark(kind: str, start: int, end: int, **href: str) -> dict[str, object]:
    return {"type": kind, "start": start, "end": end, **href}


def item(text: str, *marks: dict[str, object]) -> dict[str, object]:
    return {"text": text, "marks": list(marks)}


def a_list(*items: dict[str, object], ordered: bool = False) -> dict[str, object]:
    return {"type": "list", "ordered": ordered, "items": list(items)}


def image(url: str, alt: str | None = None, caption: str | None = None) -> dict[str, object]:
    media = {"url": url, "alt": alt, "caption": caption, "credit": None}
    return {"type": "image", "media": media}


def marked_words(block: Any) -> list[tuple[str, str]]:  # Any: a text block of any type
    return [(one["type"], block["text"][one["start"] : one["end"]]) for one in block["marks"]]


# Blocks


def test_blocks_are_kept_as_they_were_sent() -> None:
    sent = [
        {"id": "lead", **paragraph("One two", mark("link", 0, 3, href="/one"))},
        {"type": "heading", "level": 2, "text": "Head", "marks": [mark("strong", 0, 4)]},
        a_list(item("a", mark("emphasis", 0, 1)), item("b"), ordered=True),
        {"type": "blockquote", "text": " kept\n\nas it is ", "marks": []},
        {"type": "image", "media": MEDIA_ID},
        image("https://a.example/b.jpg", "alt", "caption"),
        {"type": "video", "media": MEDIA_ID},
        {"type": "embed", "url": "https://a.example/", "title": None},
    ]

    assert body(sent) == sent


def test_what_may_be_left_out_has_a_default() -> None:
    sent = [
        {"type": "paragraph", "text": "x"},
        {"type": "list", "items": [{"text": "x"}]},
        {"type": "image", "media": {"url": "/media/x.png"}},
        {"type": "image", "media": {"id": MEDIA_ID}},
        {"type": "embed", "url": "http://a.example/"},
    ]

    assert body(sent) == [
        paragraph("x"),
        a_list(item("x")),
        image("/media/x.png"),
        {"type": "image", "media": MEDIA_ID},
        {"type": "embed", "url": "http://a.example/", "title": None},
    ]


@pytest.mark.parametrize(
    ("sent", "place", "message"),
    [
        pytest.param(3, (), "A body is a list of blocks", id="neither"),
        pytest.param([3], (0,), "A block is an object", id="no block"),
        pytest.param([{}], (0,), "has no type", id="no type"),
        pytest.param([{"type": "paragrph"}], (0,), "Did you mean “paragraph”?", id="unknown type"),
        pytest.param([paragraph("x") | {"x": 1}], (0, "x"), "no field “x”", id="unknown field"),
        pytest.param([paragraph("")], (0, "text"), "at least 1 character", id="empty text"),
        pytest.param([paragraph("\u200b \n")], (0, "text"), "blank", id="blank text"),
        pytest.param([paragraph("a\0")], (0, "text"), "U+0000 at position 1", id="control"),
        pytest.param([paragraph("\ud800")], (0, "text"), "unicode", id="lone surrogate"),
        pytest.param([paragraph("x") | {"id": "B 1"}], (0, "id"), "pattern", id="block id"),
        pytest.param([{"type": "heading", "text": "x", "level": 7}], (0, "level"), "6", id="level"),
        pytest.param(
            [{"type": "heading", "text": "x", "level": "1"}], (0, "level"), "integer", id="strict"
        ),
        pytest.param(
            [paragraph("ab", mark("strong", 0, 3))],
            (0, "marks"),
            "Mark 0 ends at 3, but the text has 2",
            id="mark outside",
        ),
        pytest.param(
            [paragraph("ab", mark("strong", 1, 1))], (0, "marks", 0), "after its start", id="empty"
        ),
        pytest.param(
            [paragraph("ab", mark("strong", -1, 1))],
            (0, "marks", 0, "start"),
            "greater than or equal to 0",
            id="negative",
        ),
        pytest.param([paragraph("ab", mark("link", 0, 1))], (0, "marks", 0), "href", id="no href"),
        pytest.param(
            [paragraph("ab", mark("strong", 0, 1, href="/x"))],
            (0, "marks", 0),
            "Only a link",
            id="href on strong",
        ),
        pytest.param([a_list()], (0, "items"), "at least 1 item", id="no items"),
        pytest.param(
            [a_list(item("x"), item(" "))], (0, "items", 1, "text"), "blank", id="blank item"
        ),
        pytest.param(
            [{"type": "image", "media": "x"}], (0, "media"), "26 characters", id="media id"
        ),
        pytest.param([{"type": "image", "media": {}}], (0, "media"), "an id or a url", id="media"),
        pytest.param(
            [{"type": "image", "media": {"id": MEDIA_ID, "alt": "x"}}],
            (0, "media"),
            "texts of their own",
            id="known media with a text",
        ),
        pytest.param(
            [{"type": "embed", "url": "//a.example"}], (0, "url"), "absolute", id="embed address"
        ),
        pytest.param([1] * 2001, (), "2000 blocks; this one has 2001", id="too many"),
        pytest.param([paragraph("é" * 600_000)], (), "1048576 bytes", id="too long"),
        pytest.param({"format": "rtf", "content": ""}, ("format",), "'html'", id="format"),
        pytest.param(
            {"format": "text", "content": "a\x0bb"}, ("content",), "U+000B", id="control in content"
        ),
        pytest.param(
            {"format": "html", "content": "é" * 600_000},
            ("content",),
            "1048576 bytes",
            id="too long content",
        ),
    ],
)
def test_a_wrong_body_is_refused_where_it_is_wrong(
    sent: object, place: tuple[object, ...], message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        BODY.validate_python(sent)

    [error] = refused.value.errors()
    fields = [part for part in error["loc"] if not str(part).startswith(".")]
    assert tuple(fields) == place
    assert message in error["msg"]


@pytest.mark.parametrize(
    ("href", "is_accepted"),
    [
        ("https://a.example/ü?q#f", True),
        ("HTTP://a.example", True),
        ("https://[::1]:80/", True),
        ("mailto:a@b.example", True),
        ("tel:+491234", True),
        ("/news/x", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https:", False),
        ("https://", False),
        ("https://[::1", False),
        ("https://a.example:99999", False),
        ("https://a b", False),
        ("mailto:", False),
        ("news/x", False),
        ("#top", False),
        ("", False),
    ],
)
def test_a_link_leads_where_a_reader_may_go(href: str, is_accepted: bool) -> None:
    sent = [paragraph("x", mark("link", 0, 1, href=href))]

    if is_accepted:
        assert body(sent) == sent
    else:
        with pytest.raises(ValidationError):
            body(sent)


@pytest.mark.parametrize(
    ("text", "marks", "kept", "kept_marks"),
    [
        pytest.param("a\r\nb\rc", [(3, 4)], "a\nb\nc", [(2, 3)], id="line ends"),
        pytest.param("e\u0301 x", [(3, 4)], "é x", [(2, 3)], id="after a composition"),
        pytest.param("e\u0301x", [(0, 1)], "éx", [(0, 1)], id="ends inside one"),
        pytest.param("e\u0301x", [(1, 2)], "éx", [(0, 1)], id="is inside one"),
        pytest.param("e\u0301x", [(1, 3)], "éx", [(0, 2)], id="starts inside one"),
        pytest.param("\u1112\u1161\u11ab!", [(0, 3), (3, 4)], "한!", [(0, 1), (1, 2)], id="hangul"),
        pytest.param("\u0958x", [(1, 2)], "\u0915\u093cx", [(2, 3)], id="a text that grows"),
        pytest.param("e\u0301 x\u0301", [(3, 4)], "é x\u0301", [(2, 3)], id="alike beside"),
        pytest.param("r\u0301\r\n", [(2, 4)], "ŕ\n", [(1, 2)], id="a line end"),
    ],
)
def test_marks_follow_the_normalised_text(
    text: str,
    marks: list[tuple[int, int]],
    kept: str,
    kept_marks: list[tuple[int, int]],
) -> None:
    sent = [paragraph(text, *(mark("strong", *span) for span in marks))]

    assert body(sent) == [paragraph(kept, *(mark("strong", *span) for span in kept_marks))]


# Lines and texts


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        pytest.param(Line, " e\u0301 \t", "é", id="line"),
        pytest.param(Line, "a\nb", None, id="line break"),
        pytest.param(Line, "a\u2028b", None, id="line separator"),
        pytest.param(Line, "\u200b", None, id="blank line"),
        pytest.param(Line, "a\x85b", None, id="control in a line"),
        pytest.param(Text, " a\r\nb ", " a\nb ", id="text"),
        pytest.param(Text, " \n", None, id="blank text"),
        pytest.param(Text, "\x7f", None, id="control in a text"),
    ],
)
def test_texts_are_normalised_or_refused(kind: Any, sent: str, kept: str | None) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(kind)

    if kept is None:
        with pytest.raises(ValidationError):
            adapter.validate_python(sent)
    else:
        assert adapter.validate_python(sent) == kept


# Plain text and Markdown


def test_text_is_split_at_blank_lines() -> None:
    content = "\ufeff \n One\r\ntwo \n \u00a0\n\n\tThree\u00a0\n\n"

    assert formatted(content, "text") == [paragraph("One\ntwo"), paragraph("Three\u00a0")]


def test_markup_in_text_is_text() -> None:
    assert formatted("<b>x</b> &amp; *y*", "text") == [paragraph("<b>x</b> &amp; *y*")]


def test_markdown_becomes_blocks() -> None:
    content = (
        "# Head\n\nA *b* **c** [d](https://a.example/)\nnext  \nline `<i>`\n\n"
        "> quoted\n\n1. one\n   - two\n\n![alt](https://a.example/b.png)\n\n```\n a\n```\n"
    )

    assert formatted(content, "markdown") == [
        {"type": "heading", "level": 1, "text": "Head", "marks": []},
        paragraph(
            "A b c d next\nline <i>",
            mark("emphasis", 2, 3),
            mark("strong", 4, 5),
            mark("link", 6, 7, href="https://a.example/"),
        ),
        {"type": "blockquote", "text": "quoted", "marks": []},
        a_list(item("one"), item("two"), ordered=True),
        image("https://a.example/b.png", "alt"),
        paragraph(" a"),
    ]


def test_html_in_markdown_is_sanitised_html() -> None:
    content = "a <!-- x -->b <em>c</em> <script>alert(1)</script>[d](javascript:alert)"

    assert formatted(content, "markdown") == [
        paragraph("a b c [d](javascript:alert)", mark("emphasis", 4, 5))
    ]


@pytest.mark.parametrize(
    "content", ["> " * 25 + "lost", "- " * 10 + "lost", "a\n" * 50_001, "[" * 50_001]
)
def test_markdown_that_the_parser_would_cut_or_crawl_through_is_refused(content: str) -> None:
    with pytest.raises(errors.ValidationError) as refused:
        blocks_of_markdown(content)

    assert refused.value.errors[0]["pointer"] == "/body/content"


# HTML


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        pytest.param("<p>a</p><p>b</p>", [paragraph("a"), paragraph("b")], id="paragraphs"),
        pytest.param("<p>a<p>b", [paragraph("a"), paragraph("b")], id="no end tags"),
        pytest.param("a<div>b</div>c", [*map(paragraph, "abc")], id="text outside blocks"),
        pytest.param("<P CLASS=x>a</P >", [paragraph("a")], id="capitals"),
        pytest.param("<p> a \n\t b  </p>\n ", [paragraph("a b")], id="white space"),
        pytest.param(
            "<p>\u00a0a\u00a0&nbsp;b </p>", [paragraph("\u00a0a\u00a0\u00a0b")], id="no-break space"
        ),
        pytest.param("<p>&nbsp;</p><p>\u200b</p><p></p>", [], id="blank"),
        pytest.param("<p>a <br> b</p>", [paragraph("a\nb")], id="line break"),
        pytest.param(
            "<p>a<br><br/>b<br></p>", [paragraph("a"), paragraph("b")], id="two line breaks"
        ),
        pytest.param(
            "<p>&lt;b&gt; &amp;amp; &eacute; &#146; &#x1F600;</p>",
            [paragraph("<b> &amp; é ’ 😀")],
            id="references",
        ),
        pytest.param("<p>a&#129;&#1;b&copy</p>", [paragraph("ab©")], id="odd references"),
        pytest.param("<p>1 < 2 & 3 <3</p>", [paragraph("1 < 2 & 3 <3")], id="no tags"),
        pytest.param(
            "<h1>a</h1><h6>b</h5>c",
            [
                {"type": "heading", "level": 1, "text": "a", "marks": []},
                {"type": "heading", "level": 6, "text": "b", "marks": []},
                paragraph("c"),
            ],
            id="headings",
        ),
        pytest.param(
            "<blockquote><p>a</p><p>b</p></blockquote>c",
            [
                {"type": "blockquote", "text": "a", "marks": []},
                {"type": "blockquote", "text": "b", "marks": []},
                paragraph("c"),
            ],
            id="blockquote",
        ),
        pytest.param(
            "<ul> <li>a <li>b<br>c</ul><ol><li><p>d</p><p>e</p></ol>",
            [a_list(item("a"), item("b\nc")), a_list(item("d\ne"), ordered=True)],
            id="lists",
        ),
        pytest.param(
            "<ol><li>a<ul><li>b<ul><li>c</ul></ul>d</li><li>e</li></ol>f",
            [a_list(*map(item, "abcde"), ordered=True), paragraph("f")],
            id="list in list",
        ),
        pytest.param(
            "<ul><li><p>a <b>b</b></p><p><b>c</b></p></ul>",
            [a_list(item("a b\nc", mark("strong", 2, 3), mark("strong", 4, 5)))],
            id="marks in an item of two lines",
        ),
        pytest.param("<ul><li> </li></ul><li>a", [paragraph("a")], id="list without items"),
        pytest.param("<pre>\n  a\n\n b\t\n</pre>", [paragraph("  a\n\n b")], id="pre"),
        pytest.param(
            "<table><tr><td>a<td>b</tr><tr><th>c</table>",
            [paragraph("a b"), paragraph("c")],
            id="table",
        ),
        pytest.param(
            "<dl><dt>a<dd>b</dl><main><article>c</article></main><section>d",
            [*map(paragraph, "abcd")],
            id="other elements",
        ),
        pytest.param("<o:p>a</o:p><x-y>b</x-y>", [paragraph("ab")], id="unknown elements"),
    ],
)
def test_html_becomes_blocks(html: str, blocks: list[DraftBlock]) -> None:
    assert formatted(html) == blocks


@pytest.mark.parametrize(
    ("html", "text", "marks"),
    [
        pytest.param(
            "a <b>b</b> <i>c</i>", "a b c", [("strong", "b"), ("emphasis", "c")], id="one"
        ),
        pytest.param(
            "<strong>a <em>b</em></strong>",
            "a b",
            [("strong", "a b"), ("emphasis", "b")],
            id="nest",
        ),
        pytest.param(
            "<b>a <i>b</b> c</i>", "a b c", [("strong", "a b"), ("emphasis", "b c")], id="overlap"
        ),
        pytest.param("<b>a</b><strong>b</strong>", "ab", [("strong", "ab")], id="adjacent"),
        pytest.param("<b>a<b>b</b>c</b>", "abc", [("strong", "abc")], id="same inside"),
        pytest.param("x<b> a </b>y", "x a y", [("strong", "a")], id="space at the ends"),
        pytest.param("a<b> </b>b<i></i>", "a b", [], id="nothing in it"),
        pytest.param(
            '<a href="/x">a</a><a href="/x">b</a><a href="/y">c',
            "abc",
            [("link", "ab"), ("link", "c")],
            id="links",
        ),
        pytest.param(
            "<a href=/x>a<a href=/y>b</a>c", "abc", [("link", "a"), ("link", "b")], id="a a"
        ),
        pytest.param('<a href="javascript:x">a</a>', "a", [], id="script in a link"),
        pytest.param('<a href="JaVa&#10;script:x">a</a>', "a", [], id="hidden script in a link"),
        pytest.param(
            '<a name="x">a</a><a href="rel">b</a><a href="#c">c</a>', "abc", [], id="none"
        ),
        pytest.param("e\u0301<b>e\u0301x</b>", "ééx", [("strong", "éx")], id="composed"),
        pytest.param("e<b>\u0301x</b>", "éx", [("strong", "éx")], id="composed across a tag"),
        pytest.param("<b>a<br></b>b", "a\nb", [("strong", "a")], id="break in a mark"),
    ],
)
def test_inline_elements_become_marks(html: str, text: str, marks: list[tuple[str, str]]) -> None:
    [block] = formatted(f"<p>{html}</p>")

    assert block["type"] == "paragraph"
    assert (block["text"], marked_words(block)) == (text, marks)


def test_a_mark_goes_on_in_the_next_block() -> None:
    blocks = formatted("<a href=//a.example/b%20c><div>a</div><p>b</p></a>c")

    link = mark("link", 0, 1, href="https://a.example/b%20c")
    assert blocks == [paragraph("a", link), paragraph("b", link), paragraph("c")]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x</script>",
        "<script>document.write('<p>x</p>')</script>",
        "<style>p::after {content: 'x'}</style>",
        "<!-- x -->",
        "<!-- <b-->",
        "<!--> <!-- x --!>",
        "<title>x</title>",
        "<noscript><p>x</p></noscript>",
        "<template><p>x</p></template>",
        "<textarea>x</textarea>",
        "<select><option>x</select>",
        "<button>x</button>",
        "<del>x</del>",
        "<svg><title>x</title><text>x</text></svg>",
        "<canvas>x</canvas>",
        "<object><p>x</object>",
        "<dialog>x</dialog>",
        "<iframe src='http://a.example'>x</iframe>",
        "<p hidden>x</p>",
        "<p hidden>x<div></div>",
        "<span hidden>x<span>x</span>x</span>",
        "<b hidden>x<p>x</p></b>",
        "<a href=/x style='display:none'>x</a>",
        "<div style='color: red; DISPLAY : none'><p>x</p><img src='https://a.example/x'></div>",
        "<i style='visibility:hidden'>x</i>",
        "<?php x ?>",
        "<![CDATA[x]]>",
        "<!DOCTYPE x>",
        "<p title='x' onclick='x()'></p>",
        "<img src='x' onerror='x()'>",
        "<img src='data:image/png;base64,x'>",
        "<img src='https://a.example/x' width=1 height=1>",
    ],
)
def test_what_is_not_shown_leaves_nothing(hidden: str) -> None:
    assert formatted(f"<p>a</p>{hidden}<p>b</p>") == [paragraph("a"), paragraph("b")]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        pytest.param(
            '<img src="https://a.example/b.jpg" alt=" a&quot;\n <b> ">',
            [image("https://a.example/b.jpg", 'a" <b>')],
            id="image",
        ),
        pytest.param("<img src=//a.example/b>", [image("https://a.example/b")], id="no scheme"),
        pytest.param("<img src=/media/b alt=''>", [image("/media/b")], id="of this service"),
        pytest.param(
            "<img src='data:,x' data-src=https://a.example/b>",
            [image("https://a.example/b")],
            id="loaded late",
        ),
        pytest.param("<img src=/b><img src=c><img>", [], id="unknown address"),
        pytest.param(
            "<p>a <img src=https://a.example/b> c</p>",
            [paragraph("a c"), image("https://a.example/b")],
            id="in a text",
        ),
        pytest.param(
            "<p><img src=https://a.example/b>c</p>",
            [image("https://a.example/b"), paragraph("c")],
            id="before a text",
        ),
        pytest.param(
            "<ul><li>a<img src=https://a.example/b><li>c</ul>",
            [a_list(item("a"), item("c")), image("https://a.example/b")],
            id="in a list",
        ),
        pytest.param(
            "<figure><img src=https://a.example/b><figcaption><p>One <b>two</b></p>three"
            "</figcaption></figure>",
            [image("https://a.example/b", caption="One two three")],
            id="figure",
        ),
        pytest.param(
            "<figure><figcaption>x</figcaption><picture><source srcset=y>"
            "<img src=https://a.example/b></picture></figure>",
            [image("https://a.example/b", caption="x")],
            id="caption first",
        ),
        pytest.param(
            "<figure><figure><img src=https://a.example/1><figcaption>one</figcaption></figure>"
            "<img src=https://a.example/2><figcaption>two</figcaption></figure>",
            [
                image("https://a.example/1", caption="one"),
                image("https://a.example/2", caption="two"),
            ],
            id="figure in figure",
        ),
        pytest.param(
            "<figure><table><tr><td>a</table><figcaption>b <i>c</i></figcaption></figure>",
            [paragraph("a"), paragraph("b c", mark("emphasis", 2, 3))],
            id="figure without a picture",
        ),
        pytest.param(
            f"<figure><img src=https://a.example/b><figcaption>{'x' * 5001}</figcaption></figure>",
            [image("https://a.example/b"), paragraph("x" * 5001)],
            id="too long for a caption",
        ),
        pytest.param(
            "<p>a <iframe src=//a.example/e title=' T '>x</iframe>b</p>",
            [paragraph("a b"), {"type": "embed", "url": "https://a.example/e", "title": "T"}],
            id="iframe",
        ),
        pytest.param(
            "<video><source src=http://a.example/1><source src=https://a.example/2>"
            "<source src=https://a.example/3>x</video>",
            [{"type": "embed", "url": "https://a.example/2", "title": None}],
            id="video",
        ),
        pytest.param(
            "<img src=https://a.example/b.mp4 alt=T>",
            [{"type": "embed", "url": "https://a.example/b.mp4", "title": "T"}],
            id="a video as a picture",
        ),
    ],
)
def test_pictures_and_frames_become_blocks(html: str, blocks: list[DraftBlock]) -> None:
    assert formatted(html) == blocks


WORDS = st.text("abcé中\u0301\u00a0 ", min_size=1, max_size=8)
NAMES = st.sampled_from(
    [
        *("p", "div", "h2", "ul", "ol", "li", "blockquote", "pre", "section", "o:p", "x-y"),
        *("b", "i", "em", "strong", "a", "a href='/x'", "span", "p hidden", "b hidden"),
        *("table", "tr", "td", "figure", "figcaption", "svg", "math", "template", "iframe"),
    ]
)
TAGS = st.one_of(
    NAMES.map("<{}>".format),
    NAMES.map("</{}>".format),
    st.sampled_from(["<br>", "<hr/>", "<img src='https://a.example/i' alt='a' onerror='SECRET'>"]),
)
UNSEEN = st.sampled_from(
    [
        *("<!-- SECRET -->", "<script>SECRET</script>", "<style>SECRET</style>"),
        *("<script>if (a < b) '<p>SECRET'</script>", '<p onclick="SECRET()">', "<!--<b-->"),
    ]
)
BROKEN = st.text("<>&'\"=/!-abp \n\x00\x0c\x85", min_size=1, max_size=8)


@given(st.lists(st.one_of(WORDS, TAGS, UNSEEN), max_size=25).map("".join))
def test_html_never_leaves_a_tag_or_a_script(html: str) -> None:
    text = canonical_text(blocks_of_html(html))

    assert not set("<>") & set(text)
    assert "SECRET" not in text


@given(st.lists(st.one_of(WORDS, TAGS, UNSEEN, BROKEN), max_size=25).map("".join))
def test_what_html_becomes_may_be_sent_as_blocks(html: str) -> None:
    blocks = blocks_of_html(html)

    assert body(blocks) == blocks
    assert unicodedata.is_normalized("NFC", canonical_text(blocks))


@given(
    st.lists(
        st.tuples(
            st.text("abc ", min_size=1, max_size=6),
            st.sets(st.sampled_from(["b", "i"])).map(sorted),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_marks_stand_on_the_words_that_were_marked(runs: list[tuple[str, list[str]]]) -> None:
    html = "<p>"
    marked: dict[str, str] = {"b": "", "i": ""}
    for words, names in runs:
        html += "".join(f"<{name}>" for name in names) + words
        html += "".join(f"</{name}>" for name in names)
        for name in names:
            marked[name] += words

    for block in blocks_of_html(html):
        for name, kind in (("b", "strong"), ("i", "emphasis")):
            words = "".join(text for each, text in marked_words(block) if each == kind)
            assert words.replace(" ", "") == marked[name].replace(" ", "")


HALF = 100_000


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<div>" * 10_000 + "x" + "</div>" * 10_000, id="deep"),
        pytest.param("<ul><li>" * 10_000 + "x", id="deep lists"),
        pytest.param("<blockquote>" * (HALF // 12) + "</p>" * (HALF // 4), id="stray ends"),
        pytest.param("<figure><img src=https://a.example/b>" * (HALF // 36), id="figures"),
        pytest.param("<table>x" * (HALF // 8), id="tables"),
        # Browsers open all of these again in each paragraph.
        pytest.param(
            "<p>"
            + "".join(f"<b id={n}>" for n in range(HALF // 12))
            + "</p>"
            + "<p>x" * (HALF // 4),
            id="misnested",
        ),
        pytest.param("<b><i></b>x" * (HALF // 11), id="overlapping"),
        pytest.param("&" * HALF, id="ampersands"),
        pytest.param("<" * HALF, id="angles"),
        pytest.param("<!--" * HALF, id="comments"),
        pytest.param("<p " + "a='" * HALF, id="quotes"),
        pytest.param("<p>e" + "\u0301" * HALF, id="combining marks"),
        pytest.param("<pre>" + " \n" * HALF, id="blank lines"),
    ],
)
def test_hostile_html_is_read_in_linear_time(html: str) -> None:
    start = process_time()

    blocks_of_html(html)

    # A tenth of this suffices; a tree that is repaired would take minutes and gigabytes.
    assert process_time() - start < 15
