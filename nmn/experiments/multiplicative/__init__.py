"""What the chapters on units that multiply measure."""
