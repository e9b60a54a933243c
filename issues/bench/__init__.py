"""Measures of the product's own import beside the floor of the machine it runs on. Used by ``manage.py bench``."""
