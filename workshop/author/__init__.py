"""For authors: trees to try things on, a new activity, and the proof that the course is sound."""
