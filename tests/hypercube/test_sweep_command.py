"""``python -m nmn.hypercube.sweep``: what it says, and what it refuses."""

import re
import shutil
from pathlib import Path

import pytest
import xarray as xr

from nmn.hypercube.sweep import load
from nmn.hypercube.sweep.__main__ import main
from tests.hypercube.sweep_runs import options


def test_the_command_ends_well_and_may_be_quiet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--n", "4", "--samples", "16", "--steps", "20", "--xi1", "1", "--seed", "7", "2:4"]
    assert main([str(tmp_path / "loud.zarr"), *small]) == 0
    said = capsys.readouterr()
    assert "3 cells done" in said.out and "3/3" in said.err
    assert main([str(tmp_path / "quiet.zarr"), *small, "--quiet"]) == 0
    assert not capsys.readouterr().err
    ends = load(tmp_path / "quiet.zarr")
    axes = {name: ends[name].values.tolist() for name in ("xi0", "xi1", "gain", "seed")}
    assert axes == {"xi0": [1.0], "xi1": [1.0], "gain": [20.0], "seed": [7, 2, 3]}
    assert ends.attrs["settings.n"] == "4" and ends.attrs["batch"] == "4"
    assert main([str(tmp_path / "one.zarr"), *small[:8], "--quiet"]) == 0
    assert load(tmp_path / "one.zarr").seed.values.tolist() == [0]


def test_the_same_command_says_what_was_lost_and_computes_it_again(
    whole: tuple[Path, xr.Dataset], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shutil.copytree(whole[0], tmp_path / "lost.zarr")
    (path / "w" / "c" / "0" / "1" / "0" / "3" / "0").write_bytes(b"")
    assert main([str(path), *options()]) == 0
    said = capsys.readouterr()
    assert "20 cells done" in said.out and "19/20" in said.err and "20/20" in said.err
    line = next(line for line in said.err.splitlines() if "lost or cut" in line)
    cell = "xi0=1.0, xi1=3.0, gain=1.0, seed=7 (files …/c/0/1/0/3)"
    assert line == f"{path}: lost or cut, and to be computed again: {cell}"
    xr.testing.assert_identical(load(path), whole[1])


def test_ctrl_c_ends_it_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nmn.hypercube.sweep.__main__.sweep", stopped)
    assert main([str(tmp_path / "stopped.zarr")]) == 130
    assert "Stopped. The same command goes on from here." in capsys.readouterr().err


def test_a_sweep_that_fails_is_a_line_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failed(*_: object, **__: object) -> None:
        raise RuntimeError("the scheduler is gone")

    monkeypatch.setattr("nmn.hypercube.sweep.__main__.sweep", failed)
    assert main([str(tmp_path / "failed.zarr")]) == 1
    assert capsys.readouterr().err == "the scheduler is gone\n"


def test_the_command_line_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    said = capsys.readouterr().out
    assert end.value.code == 0 and "python -m nmn.hypercube.sweep" in said
    said = " ".join(said.split())
    assert "--quiet no progress bar" in said
    assert "--scheduler ADDRESS compute on the workers of a dask.distributed scheduler" in said
    assert "tcp://host:8786 (default: on the devices of this machine)" in said
    assert "--process" not in said and "--coordinator" not in said
    usual = {"xi0": "[1.0]", "xi1": "[3.0]", "gain": "[20.0]", "seed": "0", "n": "40", "samples": "32768"}
    usual |= {"steps": "10000", "step": "0.1", "tolerance": "0.0001", "start": "0.1"}
    usual |= {"batch": "4"}
    for option, value in usual.items():
        assert re.search(rf"--{option} [^()]*(\(default: {re.escape(value)}\))", said), option


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("--gain loud", "argument --gain: invalid float value: 'loud'"),
        ("--gain 0", "gain must be gains > 0, inf included, got [0.0]"),
        ("--seed 5:5", "must be a seed such as 7 or a range such as 0:30, got '5:5'"),
        ("--seed 0:3 2", "seed must be a list, not empty, of different numbers"),
        ("--xi1 50", "xi1 does not fit n = 40"),
        ("--steps 0", "steps must be a whole number from 1 to 16777216, got 0"),
        ("--batch 0", "batch must be a whole number >= 1, got 0"),
        ("--processes 2", "unrecognized arguments: --processes 2"),
    ],
)
def test_a_bad_command_line_says_why(
    line: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([str(tmp_path / "none.zarr"), *line.split()])
    assert end.value.code == 2 and why in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
