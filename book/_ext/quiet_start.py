# Run in a chapter's kernel before its first cell, in the namespace of the cells.
# A library may tell the machine's troubles while it is imported. The chapter has no part in them: what
# it uses of others is imported here, where what they write goes nowhere. A name that is none is left
# to the cell that imports it.
def _import_quietly():
    import contextlib
    import importlib
    import os

    keeping, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        for name in os.environ.pop("BOOK_FOREIGN_MODULES", "").split():
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    finally:
        os.dup2(keeping, 2)
        os.close(keeping)
        os.close(nowhere)


_import_quietly()
del _import_quietly
