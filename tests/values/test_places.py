import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.values.places import (
    EVERYWHERE,
    NOWHERE,
    NotAPath,
    common_path,
    path_below,
    paths_above,
)

PARTS = st.lists(st.from_regex(r"[a-z0-9]{1,4}", fullmatch=True), min_size=1, max_size=5)
PATHS = PARTS.map(lambda parts: ".".join(parts) + ".")


def test_a_county_is_below_its_province_and_no_other():
    assert "ir.sp.nk." in path_below("ir.sp.")
    assert "ir.spx.nk." not in path_below("ir.sp.")


@given(PATHS, PATHS)
def test_below_means_beginning_with(path, other):
    assert (other in path_below(path)) == other.startswith(path)


@given(PATHS)
def test_everywhere_holds_every_path_and_nowhere_none(path):
    assert path in EVERYWHERE
    assert path not in NOWHERE


@given(PATHS)
def test_a_path_lies_below_each_of_the_paths_above_it(path):
    assert all(path in path_below(above) for above in paths_above(path))


@pytest.mark.parametrize(
    "path", ["", "ir", "IR.", "ir..", "ir.sp", "ir.%.", "a." * 6, "ir.sp.\x00."]
)
def test_what_is_no_path_is_refused(path):
    with pytest.raises(NotAPath):
        path_below(path)


def test_the_common_path_is_the_deepest_above_all():
    assert common_path(["ir.sp.nk.", "ir.sp.nk.tx.", "ir.sp.gd."]) == "ir.sp."
    assert common_path(["ir.", "cn."]) == ""
