"""Reference VQF (Laidig & Seel 2023, package vqf) on raw arrays.

Usage: imu_vqf.py FOLDER RATE [NPZ]. Reads FOLDER/gyr.f64, acc.f64, mag.f64 (rows of three); with NPZ it writes those from the archive's
arrays first. Writes what each filter gives beside them, and prints the rate that was used.
"""
import os
import sys

import numpy as np
from vqf import VQF, BasicVQF, offlineVQF

folder, rate = sys.argv[1], float(sys.argv[2])
if len(sys.argv) > 3:
    archive = np.load(sys.argv[3])
    rate = float(archive["sampling_rate"])
    for name in ("gyr", "acc", "mag"):
        archive[name].astype(float).tofile(os.path.join(folder, name + ".f64"))
gyr, acc, mag = (np.fromfile(os.path.join(folder, n + ".f64")).reshape(-1, 3) for n in ("gyr", "acc", "mag"))


def write(name, array):
    np.ascontiguousarray(array).astype(float).tofile(os.path.join(folder, name + ".f64"))


online = VQF(1 / rate).updateBatch(gyr, acc, mag)
offline = offlineVQF(gyr, acc, mag, 1 / rate)
basic = BasicVQF(1 / rate).updateBatch(gyr, acc, mag)
write("online6", online["quat6D"])
write("online9", online["quat9D"])
write("offline6", offline["quat6D"])
write("offline9", offline["quat9D"])
write("basic9", basic["quat9D"])
write("bias", online["bias"])
write("biasOffline", offline["bias"])
write("rest", online["restDetected"])
write("disturbed", online["magDistDetected"])
print(repr(rate))
