"""What can be read of a project without running it."""
