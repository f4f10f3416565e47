"""The films of learning as a widget, without a browser: packing, in node against nmn, state, still."""

import base64
import json
import math

import numpy as np
import pytest
from traitlets import TraitError

from nmn.experiments.localization import learning
from nmn.hypercube import measures
from nmn.widgets.learning import Learning
from nmn.widgets.learning.packed import named, pack, unpack
from tests.widgets.node import Reader, node
from tests.widgets.sample_films import sample

pytestmark = pytest.mark.usefixtures("float64")


def changed(films, **parts):
    return films._replace(**parts)


def test_a_weight_is_off_by_a_254th_of_the_largest_at_most():
    films = sample()
    kept = unpack(pack(films))
    rng = np.random.default_rng(0)
    wild = changed(
        films, weights={k: w * 10 ** rng.uniform(-6, 3, w[..., :1].shape) for k, w in films.weights.items()}
    )
    for given, back in ((films, kept), (wild, unpack(pack(wild)))):
        for name, w in given.weights.items():
            top = np.abs(w).max(-1, keepdims=True)
            shown = back.weights[named(name)]
            error = np.abs(shown - w) / top
            assert error.max() <= (1 + 1e-4) / 254
            # And the byte is used to the full: a frame's largest weight is kept to float32.
            assert np.abs(np.abs(shown).max(-1, keepdims=True) / top - 1).max() < 1e-6
    for name, losses in films.losses.items():
        np.testing.assert_allclose(kept.losses[named(name)], losses, rtol=1e-6)
    np.testing.assert_allclose(kept.times, films.times, rtol=1e-3)


def test_node_unpacks_the_same_numbers_and_measures_them_as_nmn_does():
    packed = pack(sample())
    back, (laws, seeds, frames, n) = unpack(packed), packed["shape"]
    names = packed["names"]
    places = [[law, s, k] for law in names for s in range(seeds) for k in range(frames)]
    expression = """(film) => { const f = unpack(film); return [f.n, f.seeds, f.frames, f.times].concat(
      f.names.map((law) => Array.from({ length: f.seeds }, (_, s) => { const r = run(f, law, s);
        return { w: r.w.map((w) => [...w]), local: r.local, top: r.top,
          loss: r.w.map((_, k) => f.loss(law, s, k)) }; }))); }"""
    (shown,) = node("learning", expression, [packed])
    assert shown[:4] == [n, seeds, frames, packed["times"]] and laws == len(names) and len(places) == 54
    for name, runs in zip(names, shown[4:], strict=True):
        for s, js in enumerate(runs):
            w = back.weights[name][s]
            np.testing.assert_array_equal(js["w"], w)
            assert js["local"] == pytest.approx(np.asarray(measures.inverse_participation(w)), abs=1e-9)
            assert js["top"] == pytest.approx(np.abs(w).max()) and js["loss"] == list(back.losses[name][s])


def test_the_references_are_those_of_nmn():
    for n in (7, 40):
        (shown,) = node("learning", "references", [n])
        wave = np.cos(2 * np.pi * 2 * np.arange(n) / n)
        noise = np.random.default_rng(n).normal(size=(40_000, n))
        true = {
            "one pixel": measures.inverse_participation(np.eye(n)[0]),
            "noise": measures.inverse_participation(noise).mean(),
            "wave": measures.inverse_participation(wave),
            "constant": measures.inverse_participation(np.ones(n)),
        }
        assert list(shown) == list(true)
        for name, value in true.items():
            assert shown[name] == pytest.approx(float(value), rel=0.01 if name == "noise" else 1e-9), name


def test_ticks_stand_where_their_times_are():
    times = [0, 0.1, 0.7, 2.5, 10, 40, 200]
    (ticks,) = node("learning", "timeTicks", [times])
    assert [text for _, text in ticks] == ["0", "1", "10", "100"]
    places = [place for place, _ in ticks]
    assert np.interp(places, np.arange(7), times) == pytest.approx([0, 1, 10, 100])


def test_the_default_films_fit_in_a_page():
    films = learning.watch(names=["gaussian", "nlgp_inf"], steps=3, frames=4, batch=2)
    widget = Learning.of(films)
    *_, n = widget.film["shape"]
    # Bytes a frame of one run: n and two floats, four thirds of it as base64; the default keeps 51 frames.
    whole = 7 * 3 * 51 * (n + 8) * 4 / 3
    assert n == 40 and len(learning.FILMED) == 7 and whole < 70_000
    empty = len(json.dumps(widget.state())) - sum(
        len(widget.film[p]) for p in ("weights", "scales", "losses")
    )
    assert whole + empty + 51 * 8 < 80_000


def test_the_state_says_what_is_shown_and_python_refuses_the_rest():
    widget = Learning.of(sample())
    assert (widget.law, widget.against, widget.seed, widget.frame) == ("NLGP gain ∞", "Gaussian", 0, 8)
    widget.set_state({"law": "Laplace", "seed": 1, "frame": 0})
    assert (widget.law, widget.seed, widget.frame) == ("Laplace", 1, 0)
    bad = {"law": "Cauchy", "against": "", "seed": 2, "frame": 9, "hint": 3}
    for name, value in [*bad.items(), ("seed", -1), ("frame", -1), ("frame", 0.5), ("law", None)]:
        with pytest.raises(TraitError, match=f"'{name}' trait"):
            widget.set_state({name: value})
        with pytest.raises(TraitError, match=f"'{name}' trait"):
            Learning.of(sample(), **{name: value})
    assert (widget.law, widget.seed, widget.frame) == ("Laplace", 1, 0)
    with pytest.raises(TraitError, match="'film' trait stays"):
        widget.film = pack(sample(n=13))
    with pytest.raises(TraitError, match=r"Learning\.of"):
        Learning()


@pytest.mark.parametrize(
    "broken",
    [
        {"weights": "AAAA"},
        {"weights": "not base64!"},
        {"scales": ""},
        {"losses": None},
        # Nothing but the letters of base64, also where what is left would do.
        {"weights": pack(sample())["weights"] + "!"},
        {"shape": [3, 2, 9]},
        {"shape": [3, 2, 9, 13]},
        {"names": ["Gaussian", "Gaussian", "Laplace"]},
        {"times": [0, 1, 2, 3, 4, 5, 6, 8, 7]},
        {"times": [0, 1]},
        {"scales": base64.b64encode(np.full(54, np.nan, "<f4").tobytes()).decode()},
        {"scales": base64.b64encode(np.zeros(54, "<f4").tobytes()).decode()},
        {"losses": base64.b64encode(np.full(54, np.inf, "<f4").tobytes()).decode()},
        {"weights": base64.b64encode(np.zeros(54 * 12, "i1").tobytes()).decode()},
    ],
)
def test_a_film_that_is_none_is_refused(broken):
    packed = pack(sample()) | broken
    with pytest.raises(ValueError, match="packed must"):
        unpack(packed)
    with pytest.raises(TraitError, match="'film' trait"):
        Learning(film=packed, law="Gaussian", against="Gaussian")


def filled(shape: tuple[int, int, int, int]) -> dict[str, object]:
    """What pack would return of films of this shape, in which every number is 1."""
    numbers = {"weights": np.ones(shape, "i1"), "scales": np.ones((*shape[:3], 1), "<f4")}
    numbers["losses"] = numbers["scales"]
    return {
        "times": list(range(shape[2])),
        "names": [f"law {k}" for k in range(shape[0])],
        "shape": list(shape),
        **{key: base64.b64encode(part.tobytes()).decode() for key, part in numbers.items()},
    }


def test_a_film_has_a_law_a_start_a_pixel_and_two_frames_at_least():
    assert unpack(filled((1, 1, 2, 1))).times.tolist() == [0, 1]
    for short in ((0, 1, 2, 1), (1, 0, 2, 1), (1, 1, 1, 1), (1, 1, 2, 0)):
        with pytest.raises(ValueError, match="a name for each law, a time for each frame, and two frames"):
            unpack(filled(short))
    for odd in ({"names": ["law 0", "law 1"]}, {"names": []}, {"times": [0, 1, 2]}, {"times": [0]}):
        with pytest.raises(ValueError, match="a name for each law, a time for each frame, and two frames"):
            unpack(filled((1, 1, 2, 1)) | odd)
    with pytest.raises(ValueError, match="times that rise"):
        unpack(filled((1, 1, 2, 1)) | {"times": [1, 1]})


def test_weights_next_to_nothing_keep_their_signs():
    """Where a scale is a float32 with no figures left, a weight would not fit its byte."""
    films = sample()
    tiny = {name: 127 * 2.0e-45 * np.sign(w) for name, w in films.weights.items()}
    back = unpack(pack(changed(films, weights=tiny)))
    for name, w in tiny.items():
        np.testing.assert_array_equal(np.sign(back.weights[named(name)]), np.sign(w))


def test_a_film_given_as_it_is_opens_on_its_first_frame_and_start():
    widget = Learning(film=pack(sample()), law="Laplace", against="Gaussian")
    assert (widget.seed, widget.frame) == (0, 0)
    opened = Learning.of(sample(), law="laplace", against="Gaussian", seed=1, frame=2)
    assert (opened.law, opened.against, opened.seed, opened.frame) == ("Laplace", "Gaussian", 1, 2)
    assert repr(opened) == "Learning(law='Laplace', against='Gaussian', seed=1, frame=2)"


def test_films_that_cannot_be_packed_are_refused():
    films = sample()
    w = films.weights["gaussian"]
    for odd in (w[:, :4], w * 0, w * math.nan):
        with pytest.raises(ValueError, match="films must hold"):
            pack(changed(films, weights=films.weights | {"laplace": odd}))
    with pytest.raises(ValueError, match="at least one law"):
        pack(changed(films, weights={}))


def test_the_static_form_carries_the_state_and_a_picture_in_words():
    widget = Learning.of(sample(), hint='Try "this" & <that>')
    data, _ = widget._repr_mimebundle_()
    (_, place), (tag, image), *_ = Reader(data["text/html"]).tags
    assert place["data-nmn-widget"] == "learning" and json.loads(place["data-nmn-props"]) == widget.state()
    assert set(widget.state()) == {"film", "law", "against", "seed", "frame", "hint"}
    assert tag == "img" and "Gaussian" in image["alt"] and "://" not in data["text/html"]
    assert data["text/html"] == Learning.of(sample(), hint='Try "this" & <that>').static_html()
    assert "weights" not in data["text/plain"] and len(data["text/plain"]) < 120


def test_the_still_shows_both_strips_and_the_fields_at_the_chosen_time():
    widget = Learning.of(sample(), law="Laplace", seed=1, frame=5)
    first, second, field = widget.still().axes
    back = unpack(widget.film)
    for ax, name in ((first, "Laplace"), (second, "Gaussian")):
        assert ax.get_title(loc="left") == name
        np.testing.assert_array_equal(ax.images[0].get_array(), back.weights[name][1].T)
        assert set(ax.lines[0].get_xdata()) == {5}
    drawn = {line.get_label(): line.get_ydata() for line in field.lines}
    for name in ("Laplace", "Gaussian"):
        np.testing.assert_array_equal(drawn[name], back.weights[name][1, 5])
    ipr = float(measures.inverse_participation(back.weights["Laplace"][1, 5]))
    assert f"{ipr:.3f}" in widget.alternative()
    alone = Learning.of(sample(), law="Gaussian")
    assert len(alone.still().axes) == 2 and alone.alternative().count("Gaussian") == 1
