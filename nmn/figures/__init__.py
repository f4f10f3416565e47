"""Figures of the book: one folder a part, one module a chapter, each function (arrays) -> Figure."""
