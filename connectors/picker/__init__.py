"""Choosing what a connection imports, in a tree of which a page shows only a part."""
