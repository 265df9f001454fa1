"""Theory: the questions of the handout, asked, graded and explained without a network."""
