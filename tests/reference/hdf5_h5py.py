"""HDF5 files read, or made, by h5py.

Usage: hdf5_h5py.py read FILE...   the raw channels of OpenSignals files as JSON: attributes, sum, values spread over them
       hdf5_h5py.py make FILE      chunked, compressed and shuffled datasets of known content, big-endian ones among them
"""
import json
import sys

import h5py
import numpy as np


def read(path):
    with h5py.File(path, "r") as file:
        unit = file[next(iter(file.keys()))]
        channels = {}
        for name, dataset in unit["raw"].items():
            if not name.startswith("channel_"):
                continue
            data = dataset[:].ravel()
            at = [(n * 7919 + 13) % data.size for n in range(40)]
            channels[name] = {
                "count": int(data.size),
                "sum": int(data.astype(np.int64).sum()),
                "values": [int(data[index]) for index in at],
            }
        return {
            "rate": float(unit.attrs["sampling rate"]),
            "bits": [int(bits) for bits in np.atleast_1d(unit.attrs["resolution"])],
            "channels": channels,
        }


def make(path):
    count = np.arange(5000)
    acc = np.column_stack([np.sin(count / 50), np.cos(count / 70), 9.81 + 0 * count])
    with h5py.File(path, "w", libver="latest") as file:
        file.attrs["sampling_rate"] = 285.714
        file.create_dataset("acc", data=acc.astype(">f8"), chunks=(512, 3), compression="gzip", shuffle=True)
        file.create_dataset("gyr", data=(acc * 0.01).astype("<f4"), compression="gzip", compression_opts=9)


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    for path in sys.argv[2:]:
        print(json.dumps(read(path)))
