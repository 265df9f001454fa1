"""Hosts a learner's project beside a private Redis server, and observes the project from outside."""
