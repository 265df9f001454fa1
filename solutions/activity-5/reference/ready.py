class UsersConfig:
    def ready(self):
        # Importing the module is what connects the receivers.
        from . import cache_signals  # noqa: F401
