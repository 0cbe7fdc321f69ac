"""The command line: arguments to calls, exceptions to exit statuses; nothing else."""
