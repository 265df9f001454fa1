"""Staging: the only code that opens a hand-in on the host.

It makes a read-only tree of plain files. Everything else reads that tree, and never the hand-in.
"""
