"""Hosts a learner's project beside a private Redis server, and looks at the project from outside."""
