"""Discovers what a project offers: its routes, its capabilities, and the payloads of its API."""
