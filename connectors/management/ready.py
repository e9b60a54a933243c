"""Is there a database to work with? Said in a sentence instead of a missing table's traceback."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def require_database() -> None:
    """``CommandError`` when the database does not answer or is not of this version yet."""
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise CommandError(f"The database can't be used: {str(error).strip().splitlines()[0]}.") from None
    if behind:
        raise CommandError("The database is not of this version yet. Run `manage.py migrate` or `manage.py up` first.")
