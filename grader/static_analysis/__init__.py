"""Reads facts from the files of a project without running it."""
