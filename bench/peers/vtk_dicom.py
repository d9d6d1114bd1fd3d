"""VTK: 300 uncompressed slices of 512x512 from a folder, page cache warm, on one thread.

Usage: PEER_DATA=DIR /usr/bin/python3 vtk_dicom.py; the files are those of bench/dicom.ts.
"""
import json
import os
import resource
import sys
import time

import vtk

folder = os.path.join(os.environ.get("PEER_DATA", "/tmp/peers_data"), "dicom")
if not os.path.isdir(folder):
    sys.exit("no series in " + folder + ": node bench/dicom.ts series writes it")


def read():
    reader = vtk.vtkDICOMImageReader()
    reader.SetDirectoryName(folder)
    reader.Update()
    return reader.GetOutput()


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


wall, cpu = [], []
for i in range(-1, 5):
    start, before = time.perf_counter(), used()
    out = read()
    if i < 0:
        continue
    wall.append(time.perf_counter() - start)
    cpu.append(used() - before)
middle = lambda values: sorted(values)[len(values) // 2]  # noqa: E731
print(json.dumps({
    "peer": "vtk-DICOMImageReader", "case": "300x512x512-uncompressed-warm", "median_s": middle(wall), "n": 300,
    "min_s": min(wall), "cpu_s": middle(cpu), "runs": len(wall), "load": os.getloadavg()[0],
    "check": out.GetScalarComponentAsDouble(256, 330, 100, 0),
}))
