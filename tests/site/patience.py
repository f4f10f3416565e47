"""How long a test waits for what has to come, at one place.

A test waits for the thing itself, never for a time; on a busy machine that takes long, and is no fault.
Only what does not come at all ends here, with an error.
"""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
SECONDS = 300
MILLISECONDS = 1000 * SECONDS
# Between two questions a reader's browser and a kernel may work.
_PAUSE = 0.05


def until(ask: Callable[[], T], what: object, pause: Callable[[float], object] = time.sleep) -> T:
    """Asks until the answer is true, and gives it; `what` says, at the end, what never came.

    Who waits for a page lets the page pause (its events are heard meanwhile): see ``visit.until_page``.
    """
    end = time.monotonic() + SECONDS
    while not (answer := ask()):
        if time.monotonic() > end:
            raise TimeoutError(f"not in {SECONDS} s: {what() if callable(what) else what}")
        pause(_PAUSE)
    return answer
