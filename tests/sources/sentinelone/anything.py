"""Any JSON at all, and the patience to make it up on a busy machine."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
