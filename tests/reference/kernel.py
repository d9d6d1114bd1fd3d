"""Second opinion on the numeric kernels: SciPy, scikit-image and VTK on the same arrays.

Usage: kernel.py FOLDER. Reads FOLDER/input.json (sizes and parameters) and the raw arrays beside it, writes raw arrays of
the same names with "expected." before them, and FOLDER/expected.json. x is the fastest axis, so arrays are [z, y, x] here.
"""
import json
import os
import sys

import numpy as np
import vtk
from scipy import interpolate, ndimage as ndi, stats
from skimage import segmentation
from vtk.util import numpy_support as ns

folder = sys.argv[1]
task = json.load(open(os.path.join(folder, "input.json")))
nx, ny, nz = task["size"]
spacing = task["spacing"]
shape = (nz, ny, nx)


def read(name, kind):
    return np.fromfile(os.path.join(folder, name), kind)


def write(name, array, kind):
    np.ascontiguousarray(array).astype(kind).tofile(os.path.join(folder, "expected." + name))


grey = read("grey.i16", np.int16).reshape(shape)
mask = read("mask.u8", np.uint8).reshape(shape)
smooth = read("smooth.f32", np.float32).reshape(shape)
points = read("points.f32", np.float32).reshape(-1, 3)
numbers = {}

write("distance.f32", ndi.distance_transform_edt(mask, sampling=spacing[::-1]), np.float32)
write("gauss.f32", ndi.gaussian_filter(grey.astype(np.float64), task["sigma"][::-1]), np.float32)
write("median.i16", ndi.median_filter(grey, 3), np.int16)
for connectivity, rank in ((6, 1), (26, 3)):
    labels, count = ndi.label(mask, ndi.generate_binary_structure(3, rank))
    numbers[f"components{connectivity}"] = int(count)
    write(f"labels{connectivity}.i32", labels, np.int32)
write("filled.u8", ndi.binary_fill_holes(mask), np.uint8)
r = np.array(task["ball"], float)
reach = [int(v) for v in r]
z, y, x = np.mgrid[-reach[2]:reach[2] + 1, -reach[1]:reach[1] + 1, -reach[0]:reach[0] + 1]
ball = (x / r[0]) ** 2 + (y / r[1]) ** 2 + (z / r[2]) ** 2 <= 1 + 1e-9
write("dilated.u8", ndi.binary_dilation(mask, ball), np.uint8)
write("eroded.u8", ndi.binary_erosion(mask, ball, border_value=1), np.uint8)
write("sampled.f32", ndi.map_coordinates(grey.astype(np.float64), points.T[::-1], order=1, mode="nearest"), np.float32)
markers = read("markers.i32", np.int32).reshape(shape)
write("basins.i32", segmentation.watershed(smooth, markers, mask=np.ones(shape, bool)), np.int32)


def image(array, kind):
    out = vtk.vtkImageData()
    out.SetDimensions(nx, ny, nz)
    out.GetPointData().SetScalars(ns.numpy_to_vtk(array.ravel(), deep=True, array_type=kind))
    return out


edges = vtk.vtkFlyingEdges3D()
edges.SetInputData(image(smooth, vtk.VTK_FLOAT))
edges.SetValue(0, task["iso"])
edges.ComputeNormalsOff()
edges.ComputeGradientsOff()
edges.ComputeScalarsOff()
edges.Update()
surface = edges.GetOutput()
numbers["isoPoints"] = surface.GetNumberOfPoints()
numbers["isoTriangles"] = surface.GetNumberOfPolys()
write("isoPoints.f32", ns.vtk_to_numpy(surface.GetPoints().GetData()), np.float32)

padded = np.pad(smooth, 1, constant_values=task["outside"])
box = vtk.vtkImageData()
box.SetDimensions(nx + 2, ny + 2, nz + 2)
box.SetOrigin(-1, -1, -1)
box.GetPointData().SetScalars(ns.numpy_to_vtk(padded.ravel(), deep=True, array_type=vtk.VTK_FLOAT))
closed = vtk.vtkFlyingEdges3D()
closed.SetInputData(box)
closed.SetValue(0, task["iso"])
closed.Update()
mass = vtk.vtkMassProperties()
mass.SetInputData(closed.GetOutput())
mass.Update()
numbers.update(closedTriangles=closed.GetOutput().GetNumberOfPolys(), volume=mass.GetVolume(), area=mass.GetSurfaceArea())

sinc = vtk.vtkWindowedSincPolyDataFilter()
sinc.SetInputData(closed.GetOutput())
sinc.SetNumberOfIterations(20)
sinc.SetPassBand(0.1)
sinc.NonManifoldSmoothingOn()
sinc.NormalizeCoordinatesOn()
sinc.FeatureEdgeSmoothingOff()
sinc.BoundarySmoothingOff()
sinc.Update()
mass.SetInputData(sinc.GetOutput())
mass.Update()
numbers.update(sincVolume=mass.GetVolume(), sincArea=mass.GetSurfaceArea())

locator = vtk.vtkCellLocator()
locator.SetDataSet(closed.GetOutput())
locator.BuildLocator()
cell, part, distance = vtk.reference(0), vtk.reference(0), vtk.reference(0.0)
nearest, found = [0.0, 0.0, 0.0], []
for p in points[:200]:
    locator.FindClosestPoint(p.astype(float), nearest, cell, part, distance)
    found.append(float(distance) ** 0.5)
numbers["distances"] = found

t = np.array(task["curveT"])
curve = np.array(task["curve"]).reshape(-1, 3)
at = np.array(task["curveAt"])
fits = [interpolate.make_smoothing_spline(t, curve[:, d], w=np.array(task["curveW"]), lam=task["lambda"]) for d in range(3)]
numbers["curve"] = [[[float(f.derivative(k)(s)) if k else float(f(s)) for f in fits] for s in at] for k in range(4)]
values = np.array(task["values"])
numbers["quantiles"] = [float(np.quantile(values, q)) for q in task["probabilities"]]
numbers["mad"] = float(stats.median_abs_deviation(values))
numbers["normal"] = [float(stats.norm.ppf(q)) for q in task["probabilities"] if 0 < q < 1]
matrix = np.array(task["matrix"]).reshape(3, 3)
numbers["singular"] = np.linalg.svd(matrix)[1].tolist()
numbers["eigen"] = np.linalg.eigvalsh(matrix @ matrix.T)[::-1].tolist()
json.dump(numbers, open(os.path.join(folder, "expected.json"), "w"))
