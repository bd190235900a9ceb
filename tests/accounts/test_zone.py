"""Everybody reads times in a zone of their own choosing."""

import pytest

from tests.cast import ADA, INES, MARA


@pytest.mark.parametrize("figure", [ADA, MARA, INES])
@pytest.mark.usefixtures("clinic")
def test_a_zone_is_chosen_by_form(browser, figure):
    somebody = browser(figure)
    page = somebody.open("/account/zone")
    assert page.value("zone") == figure.zone
    done = somebody.submit(page, zone="Asia/Tokyo")
    assert "Times are now shown for Asia/Tokyo" in done.text
    assert somebody.open("/account/zone").value("zone") == "Asia/Tokyo"


def test_times_follow_the_zone(clinic, browser):
    ada = browser(ADA)
    ada.submit("/account/zone", zone="Asia/Tokyo")
    assert "JST" in ada.open(f"/visits/{clinic.visit.id}").text


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../etc/passwd", "x" * 9000])
@pytest.mark.usefixtures("clinic")
def test_a_place_that_is_not_is_refused(browser, zone):
    ada = browser(ADA)
    page = ada.post("/account/zone", zone=zone)
    assert page.status == 400
    assert page.message("zone") == "Problem: Choose a time zone such as Europe/Berlin."
    assert ada.open("/account/zone").value("zone") == ADA.zone
