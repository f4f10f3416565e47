"""Each picture is drawn as it is kept. `python -m tests.figures.keep` keeps it as it is drawn now."""

import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

import matplotlib as mpl
import pytest
import yaml

import nmn.figures
import nmn.widgets
from nmn.figures.style import BookFigure
from tests.figures import keep
from tests.figures.describe import describe
from tests.figures.near import differences
from tests.figures.pictures import PICTURES, by_file

MODULES = {name: module for module, names in by_file().items() for name in names}
kept = cache(lambda module: yaml.safe_load(keep.path(module).read_text("utf8")))


# What a reader may have set for figures of their own.
SETTINGS: Any = {"figure.facecolor": "black", "image.aspect": 2.0, "image.cmap": "gray"}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_as_it_is_kept(name: str) -> None:
    with mpl.rc_context(SETTINGS):
        made = PICTURES[name]()
    found = list(differences(kept(MODULES[name])[name], describe(made)))
    assert not found, "\n".join([f"{name} is drawn otherwise", *found])


def test_what_is_kept_are_these_pictures() -> None:
    files = {path: yaml.safe_load(path.read_text("utf8")) for path in keep.KEPT.rglob("*.yml")}
    assert {path: list(held) for path, held in files.items()} == {
        keep.path(module): names for module, names in by_file().items()
    }


def test_every_function_that_makes_a_figure_has_a_picture() -> None:
    makers = {maker for module in drawing() for maker in vars(module).values() if makes_a_figure(maker)}
    assert len(makers) > 20 and makers == {made.func for made in PICTURES.values()}


def drawing() -> Iterator[Any]:
    """The modules of the figures, and those in the folders of the widgets."""
    for package in (nmn.figures, nmn.widgets):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield import_module(module.name)


def makes_a_figure(one: object) -> bool:
    return inspect.isfunction(one) and inspect.signature(one).return_annotation is BookFigure
