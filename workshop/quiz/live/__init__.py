"""Questions that are answered by a run: the learner predicts, and then it is done, on a server of ours."""
