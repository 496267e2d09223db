"""What stands in the folder of schemes, and what must not harm the pages."""

from __future__ import annotations

import os

import pytest
from django.test import Client

from redress.relief.schemes import scheme_named, schemes
from tests.schemes import small_scheme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_aid")]
YEN = {
    "currency": "JPY",
    "parameters": {
        "LINE": {
            "unit": "JPY/person/month",
            "label": {"en": "the line", "fa": "خط", "zh": "线"},
            "values": [{"from": "2020-01-01", "value": "50000000", "status": "illustrative"}],
        },
        "SHARE": {
            "unit": "share",
            "label": {"en": "share", "fa": "سهم", "zh": "份额"},
            "values": [{"from": "2020-01-01", "value": "0.1", "status": "illustrative"}],
        },
    },
}


def put(settings, name="z.yaml", **changes):
    (settings.REDRESS_SCHEMES / name).write_text(small_scheme(**changes))


@pytest.mark.parametrize("name", ["../../x", "a.b", "a/b", "x y", "۱۲", "<b>", "x" * 61])
def test_a_scheme_whose_name_no_address_can_have_is_left_out(settings, name):
    put(settings, pack=name)

    assert [one.id for one in schemes()] == ["small-aid"]
    assert Client().get("/rules").status_code == 200


@pytest.mark.parametrize("changes", [{"version": "v" * 61}, {"version": "1\x00"}, YEN])
def test_a_scheme_that_cannot_be_kept_is_left_out(settings, changes):
    put(settings, pack="other", **changes)

    assert scheme_named("other") is None


def test_of_two_files_with_one_name_the_first_stays(settings):
    put(settings, "a.yaml", version="first")
    put(settings, "z.yaml", version="last")

    assert scheme_named("small-aid").pack.version == "first"


def test_what_is_no_file_or_gone_is_passed_over(settings):
    (settings.REDRESS_SCHEMES / "a.yaml").symlink_to("/nowhere")
    (settings.REDRESS_SCHEMES / "b.yaml").mkdir()
    os.mkfifo(settings.REDRESS_SCHEMES / "c.yaml")

    assert [one.id for one in schemes()] == ["small-aid"]


def test_a_file_that_goes_between_listing_and_reading_is_passed_over(settings, monkeypatch):
    put(settings, pack="other")

    def gone(path):
        raise FileNotFoundError(path)

    monkeypatch.setattr("pathlib.Path.read_bytes", gone)

    assert schemes() == []
