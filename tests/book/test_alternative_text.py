"""A picture whose words say nothing is a warning that names the picture and its place."""

from pathlib import Path

from tiny_book import build

PAGE = """# Title

![A red square.](good.svg)

![Two words](two.svg)

![](none.svg)

```{image} bare.svg
```

:::{figure} drawn.svg
:alt: A drawing
Its caption says enough.
:::

:::{figure} said.svg
:alt: What it shows
Its caption.
:::
"""
PICTURES = ("good", "two", "none", "bare", "drawn", "said")


def test_a_picture_without_three_words_is_named_with_its_line(tmp_path: Path) -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    pages = {"index.md": PAGE} | {f"{name}.svg": svg for name in PICTURES}
    built = build(tmp_path, pages, "myst_parser", "alternative_text", myst_enable_extensions=["colon_fence"])
    said = [line.removeprefix(f"{tmp_path}/") for line in built.warnings.splitlines()]
    complaint = "WARNING: picture without alternative text"
    # Where a picture has no line of its own, the part of the page that it stands in is named.
    assert said == [
        f"index.md:{line}: {complaint}: {name}.svg"
        for line, name in ((5, "two"), (7, "none"), (1, "bare"), (12, "drawn"))
    ]
