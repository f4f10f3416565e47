"""How the tests of the site are spread over the workers."""

from xdist.scheduler import LoadScopeScheduling

# A page stands alone; the tests of another file share what is dear: a server, a kernel, a small book.
ALONE = "tests/site/test_pages.py"


def together(nodeid: str) -> str:
    """The name of the tests that one worker runs together with this one."""
    file = nodeid.partition("::")[0]
    return nodeid if file == ALONE else file


class ByPageAndFile(LoadScopeScheduling):
    """Each page goes to whoever is free, all other tests by their file, the largest first."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)
