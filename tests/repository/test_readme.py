"""What the README promises of the library runs as it stands there."""

import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text("utf8")


def test_the_lines_on_the_simulator_run(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = re.findall(r"(?m)^    from nmn[^\n]*\n(?:(?:    [^\n]*)?\n)+", README)
    exec(re.sub(r"(?m)^    ", "", block), {})
    method, exact, ipr = capsys.readouterr().out.split()
    assert (method, exact) == ("closed", "True") and float(ipr) > 0.8
