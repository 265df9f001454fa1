"""Observes a project from outside: HTTP responses, database rows, Redis keys, logs, the timeline."""
