"""What ezc3d or py-c3d see in C3D files, as JSON: places, samples, labels, events, plates.

usage: c3d_read.py ezc3d|c3d FILE...
"""

import json
import sys

import numpy as np


def plain(values):
    return [None if not np.isfinite(v) else float(v) for v in np.asarray(values, dtype=float).ravel()]


def with_ezc3d(path):
    import ezc3d

    trial = ezc3d.c3d(path, extract_forceplat_data=True)
    parameters = trial["parameters"]

    def value(group, name):
        return list(parameters.get(group, {}).get(name, {}).get("value", []))

    points = trial["data"]["points"][:3]
    analogs = trial["data"]["analogs"][0]
    seen = {
        "labels": value("POINT", "LABELS") + value("POINT", "LABELS2"),
        "unit": (value("POINT", "UNITS") or [""])[0],
        "points": plain(np.transpose(points, (2, 1, 0))),
        "rate": float(trial["header"]["points"]["frame_rate"]),
        "first": int(trial["header"]["points"]["first_frame"]),
        "channels": value("ANALOG", "LABELS"),
        "units": value("ANALOG", "UNITS"),
        "analog": [plain(row) for row in analogs],
        "analogRate": float(trial["header"]["analogs"]["frame_rate"]),
        "events": value("EVENT", "LABELS"),
        "rotations": plain(np.transpose(trial["data"]["rotations"], (3, 2, 1, 0))) if trial["data"]["rotations"].size else [],
        "plates": [],
    }
    for plate in trial["data"].get("platform", []):
        seen["plates"].append(
            {
                "force": plain(plate["force"].T),
                "moment": plain(plate["moment"].T),
                "pressure": plain(plate["center_of_pressure"].T),
                "free": plain(plate["Tz"].T),
                "moments": plate["unit_moment"],
            }
        )
    return seen


def with_c3d(path):
    import warnings

    import c3d

    warnings.simplefilter("ignore")
    with open(path, "rb") as handle:
        reader = c3d.Reader(handle)
        frames = [(points, analog) for _, points, analog in reader.read_frames()]
        points = np.array([frame[0] for frame in frames])
        places = points[:, :, :3].astype(float) if points.size else np.zeros((0, 0, 3))
        if points.size:
            places[points[:, :, 3] < 0] = np.nan
        analog = np.concatenate([frame[1] for frame in frames], axis=1) if frames else np.zeros((0, 0))
        return {
            "labels": [label.strip() for label in reader.point_labels],
            "points": plain(places),
            "rate": float(reader.point_rate),
            "channels": [label.strip() for label in reader.analog_labels],
            "analog": [plain(row) for row in analog],
            "analogRate": float(reader.analog_rate),
        }


reader = {"ezc3d": with_ezc3d, "c3d": with_c3d}[sys.argv[1]]
out = {}
for name in sys.argv[2:]:
    try:
        out[name] = reader(name)
    except Exception as error:  # what a reader refuses is a finding, not a crash
        out[name] = {"error": f"{type(error).__name__}: {error}"}
print(json.dumps(out))
