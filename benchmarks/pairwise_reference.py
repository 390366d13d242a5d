"""Times the reference packages of the embedding metrics; benchmarks/pairwise.ts runs it and prints the ratios.

usage: python pairwise_reference.py GOLD SYNTHETIC WIDTH   (raw little-endian float32 rows)
Prints one JSON object: name -> {"seconds" (CPU), "value"}; a package that is not installed is left out.
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import contextlib
import io
import json
import sys
import time

import numpy as np


def main():
    width = int(sys.argv[3])
    gold, synthetic = (np.fromfile(file, dtype="<f4").reshape(-1, width) for file in sys.argv[1:3])
    n, m = len(gold), len(synthetic)
    found = {}

    def keep(name, function, repeats=3):
        seconds = []
        value = None
        for _ in range(repeats):
            start = time.process_time()
            value = function()
            seconds.append(time.process_time() - start)
        found[name] = {"seconds": sorted(seconds)[len(seconds) // 2], "value": float(value)}

    def histogram(x):
        upper = (x @ x.T)[np.triu_indices(len(x), 1)]
        counts = np.histogram(np.clip(upper, -1, 1), bins=50, range=(-1, 1))[0]
        share = counts / counts.sum() + 1e-10
        return share / share.sum()

    def kl_cosine():
        p, q = histogram(gold), histogram(synthetic)
        return (q * np.log(q / p)).sum()

    keep("kl-cosine", kl_cosine)
    keep("aps", lambda: (synthetic @ synthetic.T)[np.triu_indices(m, 1)].mean())

    try:
        from prdc import compute_prdc

        def prdc():
            with contextlib.redirect_stdout(io.StringIO()):
                return compute_prdc(gold, synthetic, 5)["density"]

        keep("density", prdc)
    except ImportError:
        pass

    try:
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics.pairwise import euclidean_distances, polynomial_kernel, rbf_kernel
        from sklearn.model_selection import KFold, cross_val_score

        def unbiased(kernel):
            inside = sum((k.sum(dtype=np.float64) - np.trace(k)) / (len(k) * (len(k) - 1)) for k in (kernel(gold, gold), kernel(synthetic, synthetic)))
            return inside - 2 * kernel(gold, synthetic).mean(dtype=np.float64)

        def mmd():
            pooled = np.vstack([gold, synthetic])
            sigma = np.median(euclidean_distances(pooled)[np.triu_indices(n + m, 1)])
            return unbiased(lambda a, b: rbf_kernel(a, b, gamma=1 / (2 * float(sigma) ** 2)))
        keep("c2st", c2st, 1)
    except ImportError:
        pass

    print(json.dumps(found))


main()
