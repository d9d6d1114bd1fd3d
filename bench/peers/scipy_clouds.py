"""Peers of the 3D-video row that need no more than SciPy and numba: kd-tree, voxels, shape context, time warping."""
import os
import sys

sys.path.insert(0, os.environ["MSDT_PEERS"])
import numba
import numpy as np
from common import DATA, bench
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

P = np.fromfile(os.path.join(DATA, "model_20k.f32"), np.float32).reshape(-1, 6)[:, :3].astype(np.float64)
Q = np.fromfile(os.path.join(DATA, "view_20k.f32"), np.float32).reshape(-1, 3).astype(np.float64)
bench("scipy-cKDTree-build", "20k", lambda: cKDTree(P), len(P))
t = cKDTree(P)
bench("scipy-cKDTree-1nn", "20k-in-20k", lambda: t.query(Q), len(Q))
bench("scipy-cKDTree-20nn", "20k-in-20k", lambda: t.query(P, 20), len(Q), runs=3)
bench("scipy-cKDTree-ball", "20k-r12mm", lambda: t.query_ball_point(P, 12.0, return_length=True), len(P), runs=3)
STEP = np.array([1, 64, 4096])
bench("numpy-voxelise", "20k-into-64^3-unique", lambda: np.unique(np.floor((P - P.min(0)) / 8.0).astype(np.int64) @ STEP), len(P))


def contexts(kp, cells=(5, 6, 12), least=5.0, most=120.0):
    out = np.zeros((len(kp), *cells), np.float32)
    for i, c in enumerate(kp):
        d = P - c
        r = np.linalg.norm(d, axis=1)
        m = (r > 1e-6) & (r < most)
        shell = np.clip((np.log(r[m] / least) / np.log(most / least) * cells[0]).astype(int), 0, cells[0] - 1)
        belt = np.clip((np.arccos(d[m, 2] / r[m]) / np.pi * cells[1]).astype(int), 0, cells[1] - 1)
        turn = ((np.arctan2(d[m, 1], d[m, 0]) / (2 * np.pi) + 0.5) * cells[2]).astype(int) % cells[2]
        np.add.at(out[i], (shell, belt, turn), 1)
    return out


bench("numpy-shape-context", "200kp-in-20k", lambda: contexts(P[::100]), 200 * len(P), runs=3)


@numba.njit(cache=False)
def dtw(costs, w):
    n, m = costs.shape
    before = np.full(m + 1, np.inf)
    before[0] = 0
    for i in range(1, n + 1):
        row = np.full(m + 1, np.inf)
        for j in range(max(1, i - w), min(m, i + w) + 1):
            row[j] = costs[i - 1, j - 1] + min(before[j], row[j - 1], before[j - 1])
        before = row
    return before[m]


rng = np.random.default_rng(0)
A, B = np.cumsum(rng.standard_normal((300, 60)), 0), np.cumsum(rng.standard_normal((280, 60)), 0)
bench("scipy-cdist+numba-DTW", "300x280-d60", lambda: dtw(cdist(A, B), 300), 300 * 280)
S = [np.cumsum(rng.standard_normal((rng.integers(30, 70), 60)), 0) for _ in range(100)]
PAIRS = "all-pairs-100-sequences(30-70 frames)-d60"
bench("scipy-cdist+numba-DTW", PAIRS, lambda: sum(dtw(cdist(S[i], S[j]), 100) for i in range(100) for j in range(i)), 4950, runs=3)
