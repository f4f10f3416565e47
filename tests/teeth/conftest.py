"""A small project with a module, its tests, and a recording of them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.teeth import recording

MODULE = """
import functools

LIMIT = 3


def twice(x, by=2):
    return by * x


@functools.cache
def kept(x):
    return twice(x)


def alone(x):
    if x < 0:
        return 0
    return x + LIMIT


def forever(x):
    while x < 5:
        x += 1
    return x
"""
IMPORTER = "from nmn.a import LIMIT\n\n\ndef more():\n    return LIMIT + 1\n"
TESTS = """
import subprocess
import sys

import pytest

from nmn import b
from nmn.a import alone, forever, kept

@pytest.fixture(scope="module")
def made():
    return alone(1)

def test_kept(): assert kept(2) == 4

def test_kept_again(): assert kept(2) + 1 == 5

def test_made(made): assert made == 4

def test_made_again(made): assert made > 3

def test_elsewhere():
    subprocess.run([sys.executable, "-c", "from nmn.a import twice; assert twice(3) == 6"], check=True)

def test_more(): assert b.more() == 4

def test_forever(): assert forever(4) == 5
"""
TRACED = "import jax\n\n\n@jax.jit\ndef traced(x):\n    return x * x\n"
TRACES = """
from nmn.c import traced

def test_traced(): assert traced(2.0) == 4

def test_traced_again(): assert traced(3.0) == 9
"""
FILES = {
    "nmn/__init__.py": "",
    "nmn/a.py": MODULE,
    "nmn/b.py": IMPORTER,
    "nmn/c.py": TRACED,
    "nmn/widgets/kit.js": "export const one = 1;\n",
    "nmn/widgets/wheel.js": 'import { one } from "./kit.js";\nexport default { render: () => one };\n',
    "nmn/widgets/lever.js": "export default { render: () => 2 };\n",
    "tests/__init__.py": "",
    "tests/teeth/__init__.py": "",
    "tests/test_a.py": TESTS,
    "tests/test_c.py": TRACES,
    "tests/test_widgets.py": "def test_wheel(): pass\n\ndef test_lever(): pass\n\ndef test_all(): pass\n",
}


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text, "utf8")
    shutil.copy(Path(recording.__file__).with_name("recorder.py"), made / "tests/teeth")
    subprocess.run(["git", "init", "--quiet"], cwd=made, check=True)
    subprocess.run(["git", "add", "--all"], cwd=made, check=True)
    return made


@pytest.fixture(scope="session")
def recorded(project: Path) -> recording.Recording:
    names = ("tests/test_a.py", "tests/test_c.py", "tests/test_widgets.py")
    return recording.joined(project, [recording.run(name, project) for name in names])
