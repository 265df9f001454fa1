"""Experiments that several checks share."""
