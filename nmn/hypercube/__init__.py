"""Signals on a ring of pixels, and how one ReLU neuron learns to tell two classes of them apart."""
