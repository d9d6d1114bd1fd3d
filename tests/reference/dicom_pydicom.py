"""What pydicom makes of DICOM files: one JSON line a file, pixels as raw little-endian bytes beside it.

Usage: python3 dicom_pydicom.py OUT_DIR FILE... ; colour is turned into RGB, multi-frame arrays are written frame by frame.
"""
import json
import os
import sys
import warnings

import pydicom
from pydicom.pixel_data_handlers.util import convert_color_space

warnings.simplefilter("ignore")
out = sys.argv[1]
for number, path in enumerate(sys.argv[2:]):
    line = {"file": path}
    try:
        data = pydicom.dcmread(path)
        line["position"] = [float(v) for v in data.get("ImagePositionPatient", [])]
        line["orientation"] = [float(v) for v in data.get("ImageOrientationPatient", [])]
        line["spacing"] = [float(v) for v in data.get("PixelSpacing", [])]
        line["slope"] = float(data.get("RescaleSlope", 1))
        line["intercept"] = float(data.get("RescaleIntercept", 0))
        pixels = data.pixel_array
        if str(data.get("PhotometricInterpretation", "")) in ("YBR_FULL", "YBR_FULL_422"):
            pixels = convert_color_space(pixels, "YBR_FULL", "RGB", per_frame=True)
        raw = os.path.join(out, str(number) + ".raw")
        pixels.astype(pixels.dtype.newbyteorder("<")).tofile(raw)
        line["type"] = pixels.dtype.newbyteorder("=").name
        line["raw"] = raw
    except Exception as error:  # noqa: BLE001 - whatever pydicom cannot read is told as such
        line["error"] = str(error)[:200]
    print(json.dumps(line))
