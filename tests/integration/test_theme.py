"""An authority's colour is a stylesheet that every browser keeps: its address says what it holds."""

from __future__ import annotations

import re


def test_a_page_names_the_colour_and_browsers_keep_it(client_for, world):
    client = client_for(world.school.lead)
    (address,) = re.findall(r'href="(/theme/[0-9a-f]{6}\.css)"', client.get("/school").get_data(as_text=True))

    sheet = client_for(None).get(address)
    assert sheet.get_data(as_text=True).count(f"#{address[7:13]}") == 2
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in sheet.headers


def test_a_colour_that_was_just_saved_shows_on_the_next_page(client_for, world, connection):
    client = client_for(world.school.lead)
    client.get("/school")
    with connection.begin_nested():
        connection.exec_driver_sql("reset session authorization")
        connection.exec_driver_sql(
            "update authority set brand_colour = '#224466' where authority_id = %s",
            (world.authority.authority_id,),
        )
        connection.exec_driver_sql("set session authorization wb_web")
    assert "/theme/224466.css" in client.get("/school").get_data(as_text=True)


def test_an_invalid_colour_is_not_found(client_for):
    client = client_for(None)
    for wrong in ("red", "12345", "1234567", "17504G", "17504a;}", "%00"):
        assert client.get(f"/theme/{wrong}.css").status_code == 404, wrong
