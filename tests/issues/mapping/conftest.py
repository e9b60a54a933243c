from __future__ import annotations

import pytest

from connectors.models import Connection
from issues.models import MappingRule
from tests.factories import make_connection


@pytest.fixture
def tenant(db: None) -> Connection:
    """A connection in an installation without any rule yet."""
    MappingRule.objects.all().delete()
    return make_connection("Acme")
