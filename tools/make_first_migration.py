#!/usr/bin/env python3
"""Writes migrations/versions/0001_first.py anew from the tables; only until 0.1.0 is released.

Run: ``python tools/make_first_migration.py``. Later changes get their own migration.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from core.store.tables import metadata
from gateway.migrate import storage_type

TARGET = Path(__file__).parents[1] / "migrations" / "versions" / "0001_first.py"
HEAD = '''"""The tables of 0.1.0.

Written by tools/make_first_migration.py; frozen when 0.1.0 is released.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


'''


def main() -> int:
    """Write the file and format it."""
    with create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
        operations = produce_migrations(context, metadata).upgrade_ops
        assert operations is not None
        upgrade = render_python_code(
            operations,
            migration_context=context,
            render_item=storage_type,
        )
    code = "\n".join(line for line in upgrade.splitlines() if not line.strip().startswith("#"))
    # No table refers to another by a foreign key, and an index goes with its table.
    tables = "\n".join(f'    op.drop_table("{name}")' for name in sorted(metadata.tables, reverse=True))
    TARGET.parent.mkdir(exist_ok=True)
    module = [
        HEAD,
        f"def upgrade() -> None:  # noqa: PLR0915 - a statement a table\n{code}\n\n\n",
        f"def downgrade() -> None:  # noqa: PLR0915 - a statement a table\n{tables}\n",
    ]
    TARGET.write_text("".join(module), encoding="utf-8")
    for arguments in (["format"], ["check", "--fix"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, "--quiet", str(TARGET)], check=True)  # noqa: S603 - our own file
    return 0


if __name__ == "__main__":
    sys.exit(main())
