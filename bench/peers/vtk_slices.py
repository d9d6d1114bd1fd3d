"""VTK and SciPy: oblique 512x512 slice and trilinear values at the vertices of the bone mesh.

Same settings and case names as the larger peer script, without the packages that one needs besides VTK and SciPy.
Usage: MSDT_PEERS=DIR /usr/bin/python3 vtk_slices.py
"""
import os
import sys

sys.path.insert(0, os.environ["MSDT_PEERS"])
from common import DATA, bench  # noqa: E402
import numpy as np  # noqa: E402
import vtk  # noqa: E402
from scipy import ndimage as ndi  # noqa: E402
from vtk.util import numpy_support as ns  # noqa: E402

volume = np.fromfile(os.path.join(DATA, "ct_512x512x300.i16"), np.int16).reshape(300, 512, 512)
vtk.vtkSMPTools.SetBackend("Sequential")
vtk.vtkSMPTools.Initialize(1)
vtk.vtkMultiThreader.SetGlobalDefaultNumberOfThreads(1)
vtk.vtkMultiThreader.SetGlobalMaximumNumberOfThreads(1)
image = vtk.vtkImageData()
image.SetDimensions(512, 512, 300)
image.GetPointData().SetScalars(ns.numpy_to_vtk(volume.ravel(), deep=False, array_type=vtk.VTK_SHORT))
ux, uy = np.array([0.75, 0.25, 0.2]), np.array([-0.2, 0.55, 0.3])
normal = np.cross(ux, uy)
calls = [0]


def reslice():
    calls[0] += 1
    f = vtk.vtkImageReslice()
    f.SetNumberOfThreads(1)
    f.SetInputData(image)
    axes = vtk.vtkMatrix4x4()
    columns = (ux, uy, normal / np.linalg.norm(normal), np.array([40, 60, 20 + 1e-3 * calls[0]]))
    for i in range(3):
        for j, v in enumerate(columns):
            axes.SetElement(i, j, v[i])
    f.SetResliceAxes(axes)
    f.SetOutputDimensionality(2)
    f.SetOutputExtent(0, 511, 0, 511, 0, 0)
    f.SetOutputSpacing(1, 1, 1)
    f.SetOutputOrigin(0, 0, 0)
    f.SetInterpolationModeToLinear()
    f.Update()
    return f.GetOutput()


bench("vtk-ImageReslice", "512x512-oblique-linear", reslice, 512 * 512, runs=15, warm=3)
vertices = np.fromfile(os.path.join(DATA, "bone_mesh.v.f32"), np.float32).reshape(-1, 3)
voxels = vertices / np.array([0.78, 0.78, 1.0], np.float32)
points = vtk.vtkPoints()
points.SetData(ns.numpy_to_vtk(voxels, deep=True))
cloud = vtk.vtkPolyData()
cloud.SetPoints(points)


def probe():
    f = vtk.vtkProbeFilter()
    f.SetInputData(cloud)
    f.SetSourceData(image)
    f.Update()
    return f.GetOutput()


bench("vtk-ProbeFilter", "texture-682k-vertices", probe, len(vertices))
bench("scipy-map_coordinates", "texture-682k-vertices",
      lambda: ndi.map_coordinates(volume, voxels.T[::-1], order=1, output=np.float32), len(vertices), runs=3)
