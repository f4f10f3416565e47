"""Figures of the book: one module a part, each function (arrays) -> Figure."""
