"""The commands of manage.py: each file here is one."""
