"""Conditions that rows are only tested by."""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.database import sqlite


class Tested(FunctionElement[Any]):
    """A column's value, for a condition that nearly every row fulfils. Of two bounds of a column
    SQLite takes the one that it is told first for the place in an index to begin at."""

    inherit_cache = True

    # Any: an instrumented attribute acts as a column here
    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


# Any: what the compiler is asked for beside the statement
@compiles(Tested)
def compile_column(element: Tested, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


# Any: what the compiler is asked for beside the statement
@compiles(Tested, sqlite.NAME)
def compile_without_index(element: Tested, compiler: SQLCompiler, **kw: Any) -> str:
    """A plus keeps a term from being one that an index is used for: "The SQLite Query Optimizer
    Overview", section 2."""
    return f"+{compiler.process(element.clauses, **kw)}"
