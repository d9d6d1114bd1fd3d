"""Reference VQF (C++, package vqf) on 999,000 samples of nine axes at 285.7 Hz; writes them for the other side.

Usage: MSDT_PEERS=DIR python vqf_imu.py, with an interpreter that has the package (MSDT_PYTHON in bench/run.ts).
"""
import os
import sys

sys.path.insert(0, os.environ["MSDT_PEERS"])
from common import DATA, bench  # noqa: E402
import numpy as np  # noqa: E402
from vqf import VQF, BasicVQF, offlineVQF  # noqa: E402

N, RATE = 999_000, 285.714
path = os.path.join(DATA, "imu_999k.f64")
if not os.path.exists(path):
    # bends, turns and rests of a sensor with bias and noise; the field turns with it about one axis
    rng = np.random.default_rng(7)
    t = np.arange(N) / RATE
    moving = np.clip(np.sin(t / 5), 0, 1)
    gyr = np.stack([moving * a * np.sin(f * t) for a, f in ((2.0, 2.1), (1.2, 3.3), (2.5, 1.3))], 1)
    tilt = np.cumsum(gyr, 0) / RATE
    acc = 9.81 * np.stack([np.sin(tilt[:, 1]), -np.sin(tilt[:, 0]) * np.cos(tilt[:, 1]), np.cos(tilt[:, 0]) * np.cos(tilt[:, 1])], 1)
    mag = np.stack([20 * np.sin(tilt[:, 2]), 20 * np.cos(tilt[:, 2]), np.full(N, -40.0)], 1)
    gyr += [0.01, -0.006, 0.004] + rng.normal(0, 0.002, (N, 3))
    acc += rng.normal(0, 0.05, (N, 3))
    mag += rng.normal(0, 0.3, (N, 3))
    np.concatenate([gyr, acc, mag]).tofile(path)
gyr, acc, mag = np.fromfile(path).reshape(3, N, 3).copy()
bench("vqf2.1-cpp", "999k-9D-online", lambda: VQF(1 / RATE).updateBatch(gyr, acc, mag), N)
bench("vqf2.1-cpp", "999k-6D-online", lambda: VQF(1 / RATE).updateBatch(gyr, acc), N)
bench("vqf2.1-cpp", "999k-9D-basic", lambda: BasicVQF(1 / RATE).updateBatch(gyr, acc, mag), N)
bench("vqf2.1-cpp", "999k-9D-offline", lambda: offlineVQF(gyr, acc, mag, 1 / RATE), N, runs=3)
