"""Times the reference packages of the set metrics; benchmarks/sets.ts runs it and prints the ratios.

usage: python sets_reference.py GOLD SYNTHETIC WIDTH   (raw little-endian float32 rows)
Prints one JSON object: name -> {"seconds" (CPU), "value", "of": our metric}; what is not installed is left out.
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
    found = {}

    def cpu(function):
        start = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            value = function()
        return time.process_time() - start, value

    def keep(name, of, function, repeats=3):
        runs = sorted(cpu(function) for _ in range(repeats))
        seconds, value = runs[len(runs) // 2]
        found[name] = {"seconds": seconds, "value": float(value), "of": of}

    try:
        import faiss
        from mauve import compute_mauve
        from mauve.compute_mauve import cluster_feats

        faiss.omp_set_num_threads(1)
        keep(f"mauve-text, faiss {faiss.__version__}", "mauve-c5", lambda: compute_mauve(gold, synthetic).mauve)
        # faiss before 1.14.2 went on for all 5 x 500 iterations: one redo of 2 and of 6 tells what an iteration costs.
        k = max(2, round(min(len(gold), len(synthetic)) / 10))

        def clustering(iterations):
            return cpu(lambda: cluster_feats(gold, synthetic, k, norm="l2", whiten=False, num_redo=1, max_iter=iterations, seed=25))[0]

        step = (clustering(6) - clustering(2)) / 4
        if step > 0:
            known = found[f"mauve-text, faiss {faiss.__version__}"]
            found["mauve-text without early stop, estimated from its cost of an iteration"] = {**known, "seconds": 2500 * step}
    except ImportError:
        pass

    try:
        from scipy.linalg import sqrtm

        def moments(x):
            x = x.astype(np.float64)
            return x.mean(axis=0), np.cov(x, rowvar=False)

        def by_root(product):
            return np.trace(sqrtm(product)).real

        def by_eigenvalues(product):
            return np.sqrt(np.linalg.eigvals(product).astype(complex)).sum().real

        def frechet(trace_of_root):
            (m1, s1), (m2, s2) = moments(gold), moments(synthetic)
            return ((m1 - m2) ** 2).sum() + np.trace(s1) + np.trace(s2) - 2 * trace_of_root(s1 @ s2)

        # What the packages do once they have features; themselves they need torch.
        keep("FID by scipy's sqrtm, as pytorch-fid", "fid", lambda: frechet(by_root))
        keep("FID by eigenvalues, as torch-fidelity", "fid", lambda: frechet(by_eigenvalues))
    except ImportError:
        pass

    try:
        from vendi_score import vendi

        keep("vendi_score, n x n", "vendi", lambda: vendi.score_X(synthetic.astype(np.float64), normalize=False), 1)
        keep("vendi_score, dual", "vendi", lambda: vendi.score_dual(synthetic.astype(np.float64), normalize=False))
    except ImportError:
        pass

    print(json.dumps(found))


main()
