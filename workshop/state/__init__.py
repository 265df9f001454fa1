"""The state of one learner's project: progress, answers, reviews and the journal, in .workshop/state.db."""
