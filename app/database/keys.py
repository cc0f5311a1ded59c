"""Keys for rows that are about to be added: each database counts them in its own way."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Table, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from app.database import postgresql, sqlite


class LastKey(ColumnElement[int]):
    """The last of as many new keys of a table as a parameter says; those before it follow each
    other. There is one writer at a time, so that nobody else takes them meanwhile."""

    inherit_cache = False
    type = BigInteger()

    def __init__(self, table: Table, number: str) -> None:
        self.table = table
        self.number = bindparam(number, type_=Integer())


# Any: what the compiler is asked for beside the statement
@compiles(LastKey, sqlite.NAME)
def compile_highest(element: LastKey, compiler: SQLCompiler, **kw: Any) -> str:
    number = compiler.process(element.number, **kw)
    return f"(SELECT coalesce(max(key), 0) FROM {element.table.name}) + {number}"


@compiles(LastKey, postgresql.NAME)
def compile_sequence(element: LastKey, compiler: SQLCompiler, **kw: Any) -> str:
    number = compiler.process(element.number, **kw)
    sequence = f"pg_get_serial_sequence('{element.table.name}', 'key')"
    return f"setval({sequence}, nextval({sequence}) + {number} - 1)"
