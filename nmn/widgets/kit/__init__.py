"""What the widgets share: their base and its traits in Python, their controls and plots in JavaScript."""
