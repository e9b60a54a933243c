from __future__ import annotations

import pytest

from connectors.sources.redact import redact

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.abc-_123"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: ApiToken {TOKEN}",
        f"authorization=apitoken {TOKEN}, next",
        f"Bearer {TOKEN}",
        f'{{"apiToken":"{TOKEN}"}}',
        f"failed for {TOKEN}.",
    ],
)
def test_anything_of_a_tokens_shape_is_hidden(text: str):
    shown = redact(text)
    assert TOKEN not in shown
    assert "eyJzdWIi" not in shown
    assert "[hidden]" in shown


def test_an_opaque_token_is_hidden_when_it_is_known():
    assert redact("sent Q8fo0pZtXw to it", "Q8fo0pZtXw") == "sent [hidden] to it"


def test_the_opaque_token_of_a_header_is_hidden_even_when_it_is_not_known():
    assert "Q8fo0pZtXw" not in redact("Authorization: ApiToken Q8fo0pZtXw")


def test_ordinary_sentences_stay_as_they_are():
    sentence = "The API token may not read vulnerabilities (403). Ask the bearer of the role."
    assert redact(sentence, "") == sentence
