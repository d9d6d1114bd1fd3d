"""Streams of XDF files as pyxdf reads them, as JSON: stamps raw and synchronised, first and last values.

Usage: xdf_pyxdf.py FILE...
"""
import json
import logging
import sys

import numpy as np
import pyxdf

logging.disable(logging.CRITICAL)


def streams(path, **options):
    found, _ = pyxdf.load_xdf(path, **options)
    return {stream["info"]["stream_id"]: stream for stream in found}


for path in sys.argv[1:]:
    raw = streams(path, synchronize_clocks=False, dejitter_timestamps=False)
    plain = streams(path, handle_clock_resets=False)
    out = []
    for key, stream in raw.items():
        series = stream["time_series"]
        text = isinstance(series, list)
        out.append(
            {
                "id": key,
                "name": stream["info"]["name"][0],
                "stamps": [float(stamp) for stamp in stream["time_stamps"]],
                "synchronised": [float(stamp) for stamp in plain[key]["time_stamps"]],
                "offsets": len(stream["clock_times"]) if "clock_times" in stream else len(stream["footer"]["info"].get("clock_offsets", [])),
                "texts": [" ".join(row) for row in series] if text else None,
                "sums": None if text or len(series) == 0 else np.asarray(series, np.float64).sum(axis=0).tolist(),
            }
        )
    print(json.dumps(out))
