"""What the part on localization measures: what a neuron learns, by its data."""
