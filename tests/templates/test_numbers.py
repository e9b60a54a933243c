"""Numbers as people write them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.templates.rendering import shown


@pytest.mark.parametrize(
    ("filter_and_value", "text"),
    [
        (("number", 6412), "6,412"),
        (("number", 0), "0"),
        (("number", -1204), "−1,204"),
        (("number", 8.06), "8.1"),
        (("percent", 0.62), "62 %"),
        (("percent", 0.019), "1.9 %"),
        (("percent", 0.05), "5 %"),
        (("percent", 0.0004), "0.04 %"),
        (("percent", 0.00001), "&lt; 0.01 %"),
        (("percent", 0), "0 %"),
        (("percent", 1), "100 %"),
        (("percent:1", 0.62), "62.0 %"),
        (("signed", -1.6), "−1.6"),
        (("signed", 0.3), "+0.3"),
        (("signed", 0.0), "0.0"),
        (("signed", -27), "−27"),
        (("duration", 0.2), "0.2 s"),
        (("duration", 38), "38 s"),
        (("duration", 291), "4 min 51 s"),
        (("duration", 7201), "2 h"),
        (("duration", timedelta(days=3, hours=4, minutes=5)), "3 d 4 h"),
        (("duration", 59.7), "1 min"),
    ],
)
def test_numbers_read_well(filter_and_value, text):
    name, value = filter_and_value
    assert shown("{{ value|" + name + " }}", value=value) == text


@pytest.mark.parametrize("name", ["number", "percent", "signed", "duration", "percent_of:3"])
def test_no_number_is_left_to_the_page(name):
    assert shown("{{ value|" + name + '|default:"none" }}', value=None) == "none"
    assert shown("{{ missing|" + name + " }}") == ""


DONE = [(184320, 297400, "62 %"), (999, 1000, "99 %"), (1000, 1000, "100 %"), (1001, 1000, "100 %"), (5, None, "")]


@pytest.mark.parametrize(("read", "expected", "text"), [*DONE, (5, 0, "")])
def test_progress_never_says_done_too_early(read, expected, text):
    assert shown("{{ read|percent_of:expected }}", read=read, expected=expected) == text
