"""What the part on guarantees measures: who owns a place, what teaches a neuron, what an outlier does."""
