class UsersConfig:
    def ready(self):
        # Importing the module is what connects the receivers.
        import users.cache_signals  # noqa: F401
