"""Many counties: each evaluated, one that fails named without stopping the others.

``jobs`` names them, ``work`` does one in whatever process, ``local`` and ``cluster`` hand them to
processes, ``state`` remembers what was done, ``batch`` puts these together, ``collected`` makes one
table of all.
"""
