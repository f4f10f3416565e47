"""`make check` asks what can have changed, and leaves out nothing else."""

import pytest

from tests import check

ONE_PLACE = "book/localization/one-place.md"


@pytest.mark.parametrize(
    ("file", "made"),
    [
        ("nmn/widgets/learning/learning.js", {"learning"}),
        ("nmn/widgets/kit/widget.css", {"learning", "teacher"}),
        ("nmn/hypercube/measures.py", {"learning"}),
        ("nmn/figures/style.py", {"learning", "teacher"}),
        ("tests/site/widgets/gallery.py", {"learning", "teacher"}),
        ("nmn/figures/localization/one_place.py", set()),
        (ONE_PLACE, set()),
    ],
)
def test_a_widget_is_tested_where_something_that_it_is_made_of_changed(file: str, made: set[str]) -> None:
    assert {name for name in ("learning", "teacher") if check.is_made_of(name, {file})} == made


def test_the_claims_of_a_page_are_those_that_it_settles() -> None:
    tests = list(check.claim_tests(ONE_PLACE))
    assert "tests/claims/test_seed_003.py::test_l_dynamics" in tests
    assert not any("seed_000" in test for test in tests)
    assert ONE_PLACE in check.pages()
