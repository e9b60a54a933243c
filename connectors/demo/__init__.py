"""A whole installation with a simulated tenant, in a data directory of its own: ``manage.py demo``."""
