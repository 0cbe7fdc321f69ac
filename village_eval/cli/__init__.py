"""The command line: arguments to calls, exceptions to exit statuses; nothing else."""

from village_eval.words.parallel import one_thread

one_thread()  # here, before the commands load numpy
