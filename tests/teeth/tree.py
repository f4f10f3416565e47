"""The files of the project: which are changed, copies to work in, keys that tell what a result stands on."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTEST = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin"]
# What a draw depends on beside the files it changes.
DRAWING = [f"tests/teeth/{name}.py" for name in ("grammar", "operators", "look", "changes", "draw")]
CHANGED = ("nmn/*.py", "nmn/*.js", "book/_ext/*.py")
# What the build fetched is not fetched again for each copy.
FETCHED = Path("_build", "third_party")


def _git(root: Path, *command: str) -> list[str]:
    ran = subprocess.run(["git", *command, "-z"], cwd=root, capture_output=True, text=True, check=True)
    return [name for name in ran.stdout.split("\0") if name and (root / name).is_file()]


def sources(root: Path = ROOT) -> list[str]:
    """The files whose meaning is changed."""
    return sorted(_git(root, "ls-files", *CHANGED))


def differing(revision: str) -> list[str]:
    """Those of them that are not as in `revision`."""
    return sorted(_git(ROOT, "diff", "--name-only", revision, "--", *CHANGED))


def area(file: str) -> str:
    """The part of the project that a file belongs to: a package of nmn, JavaScript, extensions."""
    if file.endswith(".js"):
        return "JavaScript"
    if file.startswith("book/"):
        return "extensions"
    _, first, *rest = file.split("/")
    return first if rest else first.removesuffix(".py")


def key(files: Iterable[str], root: Path = ROOT) -> str:
    """A hash of what the files say."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def tests(root: Path = ROOT) -> list[str]:
    """Every file below tests/, but for this package."""
    return [name for name in _git(root, "ls-files", "tests/") if not name.startswith("tests/teeth/")]


def copy(target: Path) -> Path:
    """A copy to work in: what git would keep, as it lies here now, in a repository of its own."""
    for name in _git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard"):
        if (ROOT / name).is_symlink():
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)
    if (ROOT / FETCHED).is_dir():
        shutil.copytree(ROOT / FETCHED, target / FETCHED, symlinks=True)
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=target, check=True, capture_output=True)
    return target


def environment(tree: Path, **more: str) -> dict[str, str]:
    """Variables for the tests of a copy: its own library, and what XLA compiled once is kept."""
    paths: Sequence[str] = [str(tree), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(paths),
        # A changed file may be as long and as old, to the second, as the one before it.
        "PYTHONDONTWRITEBYTECODE": "1",
        # PYTEST names the plugins that the tests use; to import the others takes longer than most tests.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "JAX_PLATFORMS": "cpu",
        "JAX_COMPILATION_CACHE_DIR": str(tree.with_name(f"{tree.name}-compiled")),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        **more,
    }
