"""The outer jail: the whole run, with judge, proxy and servers, away from the machine and its secrets."""
