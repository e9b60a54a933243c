"""The page that lists the API, and the schema behind it."""

from __future__ import annotations


def test_the_page_lists_every_address_with_its_filters(vic_client):
    page = vic_client.get("/api/v1/docs/").content.decode()

    assert "<code>/api/v1/connections/{id}/sync/</code>" in page.replace("{pk}", "{id}")
    assert "<code>vendor_severity</code>" in page
    assert "raised, lowered, same" in page


def test_the_page_loads_nothing_from_elsewhere(vic_client):
    response = vic_client.get("/api/v1/docs/")

    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert 'src="http' not in response.content.decode()


def test_the_schema_is_open_api_in_json_too(api_of, vic):
    said = api_of(vic).get("/api/v1/schema/?format=json").json()

    assert said["openapi"].startswith("3.")
    assert set(said["paths"]["/api/v1/issues/"]["get"]["responses"]) == {"200", "400", "401", "403"}
    assert set(said["paths"]["/api/v1/connections/{id}/sync/"]["post"]["responses"]) >= {"202", "404", "409"}
    assert said["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
