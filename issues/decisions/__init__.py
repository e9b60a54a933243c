"""What people decide about issues: made, ended, undone, and kept when issues move.

Everybody who changes an issue by hand comes through here, from a page, the API or a workflow.
"""
