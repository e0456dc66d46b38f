"""Files of orders that are placed in the background: the import, its rows and its orders; and named maps of columns."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table

from core.store.tables.base import metadata
from core.store.types import Instant, Json

imports = Table(
    "imports",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    #: queued, reading, placing, paused, done, cancelled, failed
    Column("state", String(10), nullable=False),
    Column("filename", String(200), nullable=False),
    #: the bytes, in the blob store
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    #: the map as it was then, and where it was kept under a name: which version
    Column("map", Json, nullable=False),
    Column("map_name", String(70)),
    Column("map_version", Integer),
    #: whose orders they are, "" where the rows name it; ``bound``: the sender's key enters orders of no other
    Column("partner", String(20), nullable=False),
    Column("bound", Boolean, nullable=False),
    Column("dry_run", Boolean, nullable=False),
    #: who sent it, under which key, and what that key may enter: units and types of orders (NULL: all)
    Column("actor", String(100), nullable=False),
    Column("owner", String(16), nullable=False),
    Column("units", Json),
    Column("order_types", Json),
    #: titles and sheet, once the file was opened
    Column("layout", Json),
    #: the number of the last row that is staged; all are when ``read_at`` is set
    Column("last_row", Integer, nullable=False),
    Column("read_at", Instant),
    Column("rows", Integer, nullable=False),
    Column("rows_placed", Integer, nullable=False),
    Column("rows_held", Integer, nullable=False),
    Column("rows_refused", Integer, nullable=False),
    Column("orders", Integer, nullable=False),
    Column("placed", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    #: why it failed
    Column("problem", Json),
    #: which process works on it
    Column("worker_id", Integer),
    Column("created_at", Instant, nullable=False),
    #: when something happened last, and when it ended
    Column("moved_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_imports_state", "state", "moved_at"),
    Index("ix_imports_sha256", "sha256"),
)

#: a row as it came and as it is read; ``ordinal`` is the number of its order's first row
import_rows = Table(
    "import_rows",
    metadata,
    Column("import_id", BigInteger, primary_key=True, autoincrement=False),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, nullable=False),
    Column("cells", Json, nullable=False),
    Column("fields", Json, nullable=False),
    Column("faults", Json, nullable=False),
    Index("ix_import_rows_ordinal", "import_id", "ordinal"),
)

#: an order of a file and what became of it
import_orders = Table(
    "import_orders",
    metadata,
    Column("import_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    #: SHA-256 of the reference, which may be longer than an index takes, and the beginning of it
    Column("reference_hash", String(64), nullable=False),
    Column("reference", String(100), nullable=False),
    Column("rows", Integer, nullable=False),
    #: waiting, placed, held, refused, cancelled
    Column("state", String(10), nullable=False),
    Column("number", String(64)),
    Column("order_state", String(20)),
    Column("holds", Json, nullable=False),
    Column("faults", Json, nullable=False),
    Index("ux_import_orders_reference", "import_id", "reference_hash", unique=True),
    Index("ix_import_orders_state", "import_id", "state", "ordinal"),
)

#: every version of a map that is kept under a name
import_maps = Table(
    "import_maps",
    metadata,
    #: whose it is; "" is the house's own, for any partner
    Column("partner", String(20), primary_key=True),
    Column("name", String(70), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    #: NULL: removed with this version
    Column("map", Json),
    Column("changed_by", String(100), nullable=False),
    Column("changed_at", Instant, nullable=False),
)
