"""The processes: the copy of the project, the jail, the zygote, the app servers and their workers."""
