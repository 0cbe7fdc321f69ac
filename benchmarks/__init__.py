"""Speed and agreement: `make bench`, or `python -m benchmarks`."""

import os

# One BLAS thread for every program here, set before NumPy loads: threads that wait for each other
# lose more than they win on these shapes, pyfixest's event study most of all. pyfixest's own
# threads and fixest's keep all cores.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
