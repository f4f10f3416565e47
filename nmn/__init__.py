"""nmn: the ⵟ-product, its guarantees, and the neurons built from it."""
