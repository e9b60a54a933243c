from connectors.models.connection import Connection
from connectors.models.resource import Resource
from connectors.models.run_resource import RunResource
from connectors.models.sync_run import SyncRun

__all__ = ["Connection", "Resource", "RunResource", "SyncRun"]
