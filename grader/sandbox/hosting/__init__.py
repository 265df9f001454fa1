"""Hosts a project: its copy, the jail, the zygote, the app servers and their workers."""
