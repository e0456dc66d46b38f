"""Statements that are run again and again: SQLAlchemy compiles them once, the driver runs them.

A statement that comes a second time (one of a module, not one made for a call) is compiled with the types of its
parameters and columns, and from then on goes to the driver's cursor directly. That is all that ``Connection.execute``
would do for it, without the hundred steps in which it finds that out. Measured: explanation/decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import SelectBase, UpdateBase
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]
#: the names of the parameters that a statement is run with
_Names = tuple[str, ...]
_REQUIRED: Final = object()


class Done(IteratorResult[Any]):
    """The rows of a statement, all fetched; ``rowcount`` is the driver's: the rows that it changed."""

    rowcount: int


class _Parameter(NamedTuple):
    """One mark of the SQL: the key of its value, the value that it has by itself, and how it is handed over."""

    key: str
    own: Any
    convert: Convert | None


class _Prepared:
    """A statement as the driver runs it. ``converts`` are for columns by index; ``columns`` are named by the driver."""

    __slots__ = ("columns", "converts", "parameters", "returns", "sql")

    def __init__(self, sql: str, parameters: tuple[_Parameter, ...], types: Sequence[Convert | None]) -> None:
        self.sql, self.parameters = sql, parameters
        self.returns = bool(types)
        self.converts = tuple((index, convert) for index, convert in enumerate(types) if convert is not None)
        self.columns: SimpleResultMetaData | None = None

    def values(self, given: Mapping[str, Any]) -> list[Any] | None:
        """Return the driver's values of the parameters, None where one is missing."""
        values = []
        for key, own, convert in self.parameters:
            value = given.get(key, own)
            if value is _REQUIRED:
                return None
            values.append(value if convert is None else convert(value))
        return values

    def run(self, cursor: Any, values: list[Any]) -> Done:
        cursor.execute(self.sql, values)
        rows = cursor.fetchall() if self.returns else []
        if self.columns is None:
            self.columns = SimpleResultMetaData([column[0] for column in cursor.description or ()])
        done = Done(self.columns, iter(_converted(rows, self.converts)))
        done.rowcount = cursor.rowcount
        return done


_known: WeakKeyDictionary[Executable, dict[_Names, _Prepared | None]] = WeakKeyDictionary()


def run(connection: Connection, statement: Executable, parameters: Mapping[str, Any] | None) -> Done | None:
    """Run *statement* on an SQLite *connection*; None, with nothing done, where SQLAlchemy has to run it.

    Raises:
        DBAPIError: the database refused, as ``Connection.execute`` raises it.
    """
    forms = _known.get(statement)
    if forms is None:
        _known[statement] = {}
        return None
    names = tuple(parameters) if parameters else ()
    if names not in forms:
        forms[names] = _prepare(statement, names, connection.dialect)
    prepared = forms[names]
    values = None if prepared is None else prepared.values(parameters or {})
    driver = connection.connection.dbapi_connection
    if prepared is None or values is None or driver is None:
        return None
    cursor = driver.cursor()
    try:
        return prepared.run(cursor, values)
    except Exception as error:
        raise _wrapped(error, prepared.sql, values, connection.dialect) from error
    finally:
        cursor.close()


def tell(connection: Connection, sql: str) -> None:
    """Run *sql*, which takes and returns nothing.

    Raises:
        DBAPIError: the database refused.
    """
    with _cursor(connection, sql) as cursor:
        cursor.execute(sql)


def run_many(connection: Connection, sql: str, rows: Sequence[Sequence[Any]]) -> int:
    """Run *sql*, which returns nothing, once a row of driver's values; return how many rows it changed in all.

    Raises:
        DBAPIError: the database refused.
    """
    with _cursor(connection, sql) as cursor:
        cursor.executemany(sql, rows)
        return int(cursor.rowcount)


@contextmanager
def _cursor(connection: Connection, sql: str) -> Iterator[Any]:
    driver = connection.connection.dbapi_connection
    assert driver is not None
    cursor = driver.cursor()
    try:
        yield cursor
    except Exception as error:
        raise _wrapped(error, sql, [], connection.dialect) from error
    finally:
        cursor.close()


def _converted(rows: list[tuple[Any, ...]], converts: tuple[tuple[int, Convert], ...]) -> Iterable[tuple[Any, ...]]:
    if not converts or not rows:
        return rows
    changed = [list(row) for row in rows]
    for index, convert in converts:
        for row in changed:
            row[index] = convert(row[index])
    return map(tuple, changed)


def _wrapped(error: Exception, sql: str, values: list[Any], dialect: Dialect) -> BaseException:
    """Return SQLAlchemy's exception for the driver's; other exceptions as they are."""
    driver = dialect.dbapi
    assert driver is not None
    return DBAPIError.instance(sql, tuple(values), error, driver.Error, dialect=dialect)


def _prepare(statement: Executable, names: _Names, dialect: Dialect) -> _Prepared | None:
    """Return the statement compiled for parameters of these *names*; None where its SQL depends on their values."""
    if not isinstance(statement, SelectBase | UpdateBase):
        return None
    if statement.get_execution_options().get("yield_per"):
        return None  # its rows are to come piece by piece
    compiled = statement.compile(dialect=dialect, column_keys=list(names) or None)
    assert isinstance(compiled, SQLCompiler)
    if compiled.post_compile_params or compiled.literal_execute_params:
        return None  # lists of values are written out one by one
    if (compiled.isinsert and compiled.insert_prefetch) or (compiled.isupdate and compiled.update_prefetch):
        return None  # defaults that are computed for each run
    columns = list(statement.exported_columns)
    parameters = []
    for name in compiled.positiontup or ():
        bind = compiled.binds[name]
        if bind.callable is not None:
            return None
        own = _REQUIRED if bind.required else bind.value
        parameters.append(_Parameter(bind.key, own, _implementation(bind.type, dialect).bind_processor(dialect)))
    types = [_implementation(column.type, dialect).result_processor(dialect, None) for column in columns]
    return _Prepared(compiled.string, tuple(parameters), types)


def _implementation(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)
