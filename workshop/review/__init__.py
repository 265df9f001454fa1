"""The review of Activity 9: a checklist that the learner ticks first, and a pull request with faults."""
