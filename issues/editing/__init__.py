"""Changes that people make to applications: one way for forms, bulk edit and API, and each told as an event."""
