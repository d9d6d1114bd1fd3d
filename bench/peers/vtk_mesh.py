"""VTK on the bone mesh: windowed sinc, 20 iterations. Writes the mesh for the other benches.

Same filter settings and case name as the larger peer script, without the packages that one needs besides VTK.
Usage: MSDT_PEERS=DIR /usr/bin/python3 vtk_mesh.py
"""
import os
import sys

sys.path.insert(0, os.environ["MSDT_PEERS"])
from common import DATA, bench  # noqa: E402
import numpy as np  # noqa: E402
import vtk  # noqa: E402
from vtk.util import numpy_support as ns  # noqa: E402

volume = np.fromfile(os.path.join(DATA, "ct_512x512x300.i16"), np.int16)
vtk.vtkSMPTools.SetBackend("Sequential")
vtk.vtkSMPTools.Initialize(1)
image = vtk.vtkImageData()
image.SetDimensions(512, 512, 300)
image.SetSpacing(0.78, 0.78, 1.0)
image.GetPointData().SetScalars(ns.numpy_to_vtk(volume, deep=False, array_type=vtk.VTK_SHORT))
edges = vtk.vtkFlyingEdges3D()
edges.SetInputData(image)
edges.SetValue(0, 200)
edges.ComputeNormalsOff()
edges.ComputeScalarsOff()
edges.Update()
mesh = vtk.vtkPolyData()
mesh.DeepCopy(edges.GetOutput())
positions = ns.vtk_to_numpy(mesh.GetPoints().GetData()).astype(np.float32)
triangles = ns.vtk_to_numpy(mesh.GetPolys().GetConnectivityArray()).astype(np.uint32)
positions.tofile(os.path.join(DATA, "bone_mesh.v.f32"))
triangles.tofile(os.path.join(DATA, "bone_mesh.f.u32"))


def sinc():
    f = vtk.vtkWindowedSincPolyDataFilter()
    f.SetInputData(mesh)
    f.SetNumberOfIterations(20)
    f.SetPassBand(0.1)
    f.NonManifoldSmoothingOn()
    f.NormalizeCoordinatesOn()
    f.FeatureEdgeSmoothingOff()
    f.BoundarySmoothingOff()
    f.Update()
    return f.GetOutput()


bench("vtk-WindowedSinc", "20it-pb0.1", sinc, mesh.GetNumberOfPolys(), runs=3,
      after=lambda o: {"triangles": o.GetNumberOfPolys()})
