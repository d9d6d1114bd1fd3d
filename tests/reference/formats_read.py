"""Reads files with independent libraries and prints what they hold as JSON lines: one object per file.

Usage: formats_read.py FILE...
Volumes: size, affine in LPS (row-major 3x4), sum, and values at a fixed set of voxels.
Surfaces: number of points and triangles, bounds, surface area, enclosed volume.
A library that is not installed is named under "missing".
"""
import json
import sys

import numpy as np


def probes(size):
    """Voxels spread over the grid, the same in every reader."""
    out = []
    for n in range(40):
        out.append([(n * 7919 + 13) % size[0], (n * 104729 + 5) % size[1], (n * 1299709 + 3) % size[2]])
    return out


def volume(data, affine_lps):
    data = np.asarray(data)
    size = list(data.shape)
    at = probes(size)
    return {
        "size": size,
        "affine": np.asarray(affine_lps, float)[:3].ravel().tolist(),
        "sum": float(np.asarray(data, np.float64).sum()),
        "values": [float(data[i, j, k]) for i, j, k in at],
    }


def read_nifti(path):
    import nibabel

    image = nibabel.load(path)
    data = np.asanyarray(image.dataobj)
    if data.ndim > 3:
        data = data[..., 0] if data.ndim == 4 else data.reshape(data.shape[:3] + (-1,))[..., 0]
    affine = np.diag([-1, -1, 1, 1]) @ image.affine
    out = volume(data, affine)
    out["extensions"] = [e.get_content().decode("utf8", "replace") for e in image.header.extensions]
    out["qform"] = (np.diag([-1, -1, 1, 1]) @ image.header.get_qform())[:3].ravel().tolist()
    return out


def read_itk(path):
    import SimpleITK

    image = SimpleITK.ReadImage(path)
    data = SimpleITK.GetArrayFromImage(image).transpose(2, 1, 0)
    direction = np.array(image.GetDirection()).reshape(3, 3)
    affine = np.eye(4)
    affine[:3, :3] = direction * np.array(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    return volume(data, affine)


def read_pynrrd(path):
    import nrrd

    data, header = nrrd.read(path)
    affine = np.zeros((3, 4))
    affine[:, :3] = np.asarray(header["space directions"]).T
    affine[:, 3] = header["space origin"]
    out = volume(data, affine)
    out["fields"] = {key: str(value) for key, value in header.items() if key.startswith("Segment")}
    return out


def read_vtk_image(path):
    import vtk
    from vtk.util.numpy_support import vtk_to_numpy

    reader = vtk.vtkMetaImageReader()
    reader.SetFileName(path)
    reader.Update()
    image = reader.GetOutput()
    size = image.GetDimensions()
    data = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(size[::-1]).transpose(2, 1, 0)
    out = volume(data, np.zeros((4, 4)))
    # VTK keeps spacing apart from directions
    out["spacing"] = list(image.GetSpacing())
    del out["affine"]
    return out


def read_surface(path):
    import vtk

    kinds = {
        ".stl": vtk.vtkSTLReader,
        ".ply": vtk.vtkPLYReader,
        ".obj": vtk.vtkOBJReader,
        ".vtp": vtk.vtkXMLPolyDataReader,
        ".glb": vtk.vtkGLTFReader,
    }
    reader = kinds[path[-4:]]()
    reader.SetFileName(path)
    reader.Update()
    surface = reader.GetOutput()
    if path.endswith(".glb"):
        flat = vtk.vtkCompositeDataGeometryFilter()
        flat.SetInputData(surface)
        flat.Update()
        surface = flat.GetOutput()
    arrays = [surface.GetPointData().GetArrayName(i) for i in range(surface.GetPointData().GetNumberOfArrays())]
    triangles = vtk.vtkTriangleFilter()
    triangles.SetInputData(surface)
    triangles.PassLinesOff()
    triangles.PassVertsOff()
    triangles.Update()
    surface = triangles.GetOutput()
    if surface.GetNumberOfPolys() == 0:
        return {"points": surface.GetNumberOfPoints(), "triangles": 0, "arrays": arrays}
    mass = vtk.vtkMassProperties()
    mass.SetInputData(surface)
    mass.Update()
    fields = surface.GetFieldData()
    strings = {}
    for i in range(fields.GetNumberOfArrays()):
        array = fields.GetAbstractArray(i)
        if isinstance(array, vtk.vtkStringArray):
            strings[array.GetName()] = array.GetValue(0)
    return {
        "points": surface.GetNumberOfPoints(),
        "triangles": surface.GetNumberOfPolys(),
        "bounds": list(surface.GetBounds()),
        "area": mass.GetSurfaceArea(),
        "volume": mass.GetVolume(),
        "arrays": arrays,
        "fields": strings,
    }


def readers(path):
    if path.endswith((".nii", ".nii.gz", ".hdr", ".img")):
        return {"nibabel": read_nifti, "SimpleITK": read_itk}
    if path.endswith((".nrrd", ".nhdr")):
        return {"SimpleITK": read_itk, "nrrd": read_pynrrd}
    if path.endswith((".mha", ".mhd")):
        return {"SimpleITK": read_itk, "vtk": read_vtk_image}
    return {"vtk": read_surface}


for path in sys.argv[1:]:
    found = {"file": path, "missing": []}
    for name, reader in readers(path).items():
        try:
            __import__(name)
        except ImportError:
            found["missing"].append(name)
            continue
        try:
            found[name] = reader(path)
        except Exception as error:
            found[name] = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(found))
