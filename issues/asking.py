"""How pages and the API ask for work in the background: they name it, and never do it themselves."""

from __future__ import annotations

from django.db import transaction
from django_q.tasks import async_task


def recompute_soon() -> None:
    """Bring severities up to date once this transaction is stored, after changed rules, feeds or applications.

    Forgetting to ask only delays it: what is outdated is looked for each minute.
    """
    transaction.on_commit(lambda: async_task("issues.tasks.recompute"))
