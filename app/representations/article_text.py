"""An article's canonical text, in which every offset counts."""

from app.documents.articles import ArticleRead


def article_text(article: ArticleRead) -> bytes:
    return article["text"].encode()
