"""What the chapters measure: one folder a part, one question a file. Here, what these share: tasks, models,
their training and their comparison."""
