"""Numeric variables of MATLAB files as SciPy reads them, as JSON: size, sum without NaN, count of NaN, and values spread over them.

Usage: mat_scipy.py FILE...   Structures appear as `name.field`.
"""
import json
import sys

import numpy as np
from scipy.io import loadmat


def facts(array):
    flat = np.asarray(array, np.float64).ravel(order="F")
    at = [(n * 7919 + 13) % flat.size for n in range(20)] if flat.size else []
    values = [None if np.isnan(flat[index]) else float(flat[index]) for index in at]
    return {
        "size": list(array.shape),
        "sum": float(np.nansum(flat)),
        "missing": int(np.isnan(flat).sum()),
        "values": values,
    }


def numeric(name, value, out):
    if value.dtype.names:
        for field in value.dtype.names:
            numeric(f"{name}.{field}", value[field][0, 0], out)
    elif value.dtype.kind in "fiub":
        out[name] = facts(value)


for path in sys.argv[1:]:
    variables = {}
    for name, value in loadmat(path).items():
        if not name.startswith("__"):
            numeric(name, value, variables)
    print(json.dumps(variables))
