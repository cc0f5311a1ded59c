"""Rows by a list of values, which is one parameter: a statement is the same for each list."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.database import postgresql, sqlite


class Listed(TypeDecorator[Sequence[Any]]):
    """An array, or JSON where there are no arrays."""

    impl = Text
    cache_ok = True

    def __init__(self, item: type[BigInteger] | type[Text] = BigInteger) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(self.item) if dialect.name == postgresql.NAME else Text()

    # Any: as the dialect takes it
    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        values = list(value or ())
        return values if dialect.name == postgresql.NAME else orjson.dumps(values).decode()


class Among(ColumnElement[bool]):
    """Whether a column's value is among those of a parameter."""

    inherit_cache = False

    # Any: an instrumented attribute acts as a column here
    def __init__(
        self,
        column: Any,
        name: str = "keys",
        *,
        of: type[BigInteger] | type[Text] = BigInteger,
    ) -> None:
        self.column = column
        self.values = bindparam(name, type_=Listed(of))


# Any: what the compiler is asked for beside the statement
@compiles(Among, sqlite.NAME)
def compile_json(element: Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(Among, postgresql.NAME)
def compile_array(element: Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"{column} = ANY ({values})"
