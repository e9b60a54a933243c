"""How pages and the API ask for work in the background: they name it, and never do it themselves."""

from __future__ import annotations

from django.db import transaction
from django_q.tasks import async_task


def recompute_soon() -> None:
    """Bring severities up to date once this transaction is stored, after changed rules, feeds or applications.

    Forgetting to ask only delays it: what is outdated is looked for each minute.
    """
    transaction.on_commit(lambda: async_task("issues.tasks.recompute"))


def remap_soon() -> None:
    """Have endpoints and their findings follow the mapping rules and pins once this transaction is stored.

    Forgetting to ask only delays it: whatever has to move is looked for each minute.
    """
    transaction.on_commit(lambda: async_task("issues.tasks.remap"))


def lapse_soon() -> None:
    """Go on with ending decisions whose time is over."""
    transaction.on_commit(lambda: async_task("issues.tasks.lapse"))


def keep_up_soon() -> None:
    """Bring trends and fixes up to date once this transaction is stored. Forgetting to ask only delays it."""
    transaction.on_commit(lambda: async_task("issues.tasks.keep_up"))


def decide_soon() -> None:
    """Go on with decisions about many issues. Forgetting to ask only delays it: they are looked for each minute."""
    transaction.on_commit(lambda: async_task("issues.tasks.decide"))
