"""How long a test waits for another program before it says that it hangs."""

SECONDS = 900
"""Many times what any of them takes: on a busy machine a test is slow, and not wrong."""
