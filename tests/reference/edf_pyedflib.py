"""Writes EDF+ and BDF+ files with pyedflib and prints, as JSON, what pyedflib reads back from them.

Usage: edf_pyedflib.py FOLDER
"""
import json
import os
import sys

import numpy as np
import pyedflib

SIGNALS = [("EMG L4 left", 2000, "uV"), ("EMG L4 right", 2000, "uV"), ("Acc X", 142, "g"), ("Knee angle", 71, "deg")]

out = []
for ending, kind, top in (("edf", pyedflib.FILETYPE_EDFPLUS, 32767), ("bdf", pyedflib.FILETYPE_BDFPLUS, 8388607)):
    path = os.path.join(sys.argv[1], f"made.{ending}")
    rng = np.random.default_rng(3)
    writer = pyedflib.EdfWriter(path, len(SIGNALS), file_type=kind)
    for index, (label, rate, unit) in enumerate(SIGNALS):
        writer.setSignalHeader(
            index,
            {
                "label": label,
                "dimension": unit,
                "sample_frequency": rate,
                "physical_max": 500.0,
                "physical_min": -500.0,
                "digital_max": top,
                "digital_min": -top - 1,
                "transducer": "",
                "prefilter": "",
            },
        )
    writer.writeSamples([rng.normal(0, 50, rate * 4) for _, rate, _ in SIGNALS])
    writer.writeAnnotation(0.5, 1.0, "bend")
    writer.writeAnnotation(2.25, -1, "stop")
    writer.close()
    reader = pyedflib.EdfReader(path)
    times, lengths, texts = reader.readAnnotations()
    out.append(
        {
            "path": path,
            "signals": [reader.readSignal(index).tolist() for index in range(len(SIGNALS))],
            "events": [[float(time), float(length), str(text)] for time, length, text in zip(times, lengths, texts)],
        }
    )
    reader.close()
print(json.dumps(out))
