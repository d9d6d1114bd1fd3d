"""Second opinion on filters, spectra and correlation: SciPy on the same signal.

Usage: emg.py FOLDER. Reads FOLDER/input.json (designs and parameters) and FOLDER/signal.f64, writes FOLDER/expected.json.
"""
import json
import os
import sys

import numpy as np
from scipy import signal as sg
from scipy import stats

folder = sys.argv[1]
task = json.load(open(os.path.join(folder, "input.json")))
x = np.fromfile(os.path.join(folder, "signal.f64"), np.float64)
out = {"causal": [], "zeroPhase": [], "notch": [], "welch": [], "series": []}
KINDS = {"low-pass": "low", "high-pass": "high", "band-pass": "band", "band-stop": "bandstop"}

for d in task["designs"]:
    sos = sg.butter(d["order"], d["cutoffHz"], KINDS[d["band"]], fs=d["rateHz"], output="sos")
    out["causal"].append(sg.sosfilt(sos, x).tolist())
    out["zeroPhase"].append(sg.sosfiltfilt(sos, x).tolist())
for f, q, fs in task["notches"]:
    b, a = sg.iirnotch(f, q, fs=fs)
    out["notch"].append(sg.filtfilt(b, a, x).tolist())
NAMES = {"none": False, "mean": "constant", "line": "linear"}
for s in task["spectra"]:
    kw = dict(fs=s["rateHz"], window=s["window"], nperseg=s["segment"], noverlap=s["overlap"], nfft=s["fftLength"],
              detrend=NAMES[s["detrend"]])
    out["welch"].append(sg.welch(x, **kw)[1].tolist())
    out["series"].append(sg.spectrogram(x, **kw)[2].T.ravel().tolist())
out["fft"] = [[v.real.tolist(), v.imag.tolist()] for v in (np.fft.rfft(x[:n]) for n in task["lengths"])]
window = task["window"]
out["rms"] = np.sqrt(np.convolve(x * x, np.ones(window) / window, "valid")).tolist()
line = stats.linregress(np.arange(50.0), x[:50])
out["line"] = [line.slope, line.intercept, line.stderr, line.rvalue ** 2]
json.dump(out, open(os.path.join(folder, "expected.json"), "w"))
