"""Writes files with independent libraries into a folder, and prints what each holds as JSON lines.

Usage: formats_write.py FOLDER
"""
import json
import os
import sys

import numpy as np

folder = sys.argv[1]


def say(name, **facts):
    print(json.dumps({"file": os.path.join(folder, name), **facts}))


def nifti():
    import nibabel

    rng = np.random.default_rng(4)
    data = rng.integers(-1000, 2000, (9, 8, 7)).astype(np.int16)
    angle = 0.3
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    affine = np.eye(4)
    affine[:3, :3] = turn @ np.diag([0.7, 0.8, 2.5])
    affine[:3, 3] = [12.5, -40.25, 300]
    lps = (np.diag([-1, -1, 1, 1]) @ affine)[:3].ravel().tolist()

    def save(name, image, values=data, place=lps):
        nibabel.save(image, os.path.join(folder, name))
        say(name, library="nibabel", size=list(values.shape[:3]), affine=place, sum=float(np.asarray(values, np.float64).sum()))

    save("a_ct.nii", nibabel.Nifti1Image(data, affine))
    save("b_ct.nii.gz", nibabel.Nifti1Image(data, affine))
    save("c_ct.nii", nibabel.Nifti2Image(data, affine))
    save("d_ct.hdr", nibabel.Nifti1Pair(data, affine))
    for kind in (np.uint8, np.int8, np.uint16, np.int32, np.uint32, np.float32, np.float64, np.int64, np.uint64):
        values = (np.abs(data) % 100).astype(kind)
        header = nibabel.Nifti1Header()
        header.set_data_dtype(kind)
        save(f"e_t1_{np.dtype(kind).name}.nii", nibabel.Nifti1Image(values, affine, header), values)
    big = nibabel.Nifti1Header(endianness=">")
    big.set_data_dtype(np.int16)
    save("f_ct.nii", nibabel.Nifti1Image(data.astype(">i2"), affine, big))
    form = nibabel.Nifti1Image(data, affine)
    form.set_sform(None, 0)
    form.set_qform(affine, 1)
    save("g_ct.nii", form)
    mirrored = affine @ np.diag([1, -1, 1, 1])
    form = nibabel.Nifti1Image(data, mirrored)
    form.set_sform(None, 0)
    form.set_qform(mirrored, 1)
    save("h_ct.nii", form, place=(np.diag([-1, -1, 1, 1]) @ mirrored)[:3].ravel().tolist())
    scaled = nibabel.Nifti1Image(data.astype(np.float64) * 0.5 + 3, affine)
    scaled.set_data_dtype(np.int16)
    # what lies in the file is rounded to 16 bits
    nibabel.save(scaled, os.path.join(folder, "i_t1.nii"))
    save("i_t1.nii", scaled, np.asanyarray(nibabel.load(os.path.join(folder, "i_t1.nii")).dataobj).copy())
    series = np.stack([data, data + 1], axis=-1)
    save("j_ct.nii.gz", nibabel.Nifti1Image(series, affine), data)


def volumes():
    import SimpleITK

    rng = np.random.default_rng(5)
    data = rng.integers(-1000, 2000, (6, 7, 8)).astype(np.int16)
    image = SimpleITK.GetImageFromArray(data)
    image.SetSpacing([0.7, 0.8, 2.5])
    image.SetOrigin([12.5, -40.25, 300])
    angle = 0.3
    c, s = float(np.cos(angle)), float(np.sin(angle))
    image.SetDirection([c, -s, 0, s, c, 0, 0, 0, 1])
    affine = np.zeros((3, 4))
    affine[:, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine[:, 3] = image.GetOrigin()
    for name in ("a_ct.nrrd", "b_ct.mha", "c_ct.mhd", "d_ct.nhdr", "k_ct.nii.gz"):
        for packed in (False, True):
            path = f"packed_{name}" if packed else name
            SimpleITK.WriteImage(image, os.path.join(folder, path), packed)
            say(path, library="SimpleITK", size=list(data.shape[::-1]), affine=affine.ravel().tolist(), sum=float(data.sum(dtype=np.float64)))


def surfaces():
    import vtk

    sphere = vtk.vtkSphereSource()
    sphere.SetRadius(50)
    sphere.SetCenter(10, -200, 800)
    sphere.SetThetaResolution(60)
    sphere.SetPhiResolution(30)
    sphere.Update()
    surface = sphere.GetOutput()
    mass = vtk.vtkMassProperties()
    mass.SetInputData(surface)
    mass.Update()
    facts = {
        "library": "vtk",
        "points": surface.GetNumberOfPoints(),
        "triangles": surface.GetNumberOfPolys(),
        "bounds": list(surface.GetBounds()),
        "area": mass.GetSurfaceArea(),
        "volume": mass.GetVolume(),
    }

    def save(name, writer, source=surface, **changes):
        writer.SetFileName(os.path.join(folder, name))
        writer.SetInputData(source)
        writer.Write()
        say(name, **{**facts, **changes})

    for name, kind in (("stl", vtk.vtkSTLWriter), ("ply", vtk.vtkPLYWriter)):
        for text in (0, 1):
            writer = kind()
            writer.SetFileTypeToASCII() if text else writer.SetFileTypeToBinary()
            save(f"{'text' if text else 'binary'}.{name}", writer)
    big = vtk.vtkPLYWriter()
    big.SetDataByteOrderToBigEndian()
    save("big.ply", big)
    save("plain.obj", vtk.vtkOBJWriter())
    for mode in ("Ascii", "Binary", "Appended"):
        for packed in (0, 1):
            for wide in (0, 1):
                for raw in (0, 1) if mode == "Appended" else (0,):
                    writer = vtk.vtkXMLPolyDataWriter()
                    getattr(writer, f"SetDataModeTo{mode}")()
                    writer.SetCompressorTypeToZLib() if packed else writer.SetCompressorTypeToNone()
                    writer.SetHeaderTypeToUInt64() if wide else writer.SetHeaderTypeToUInt32()
                    writer.SetEncodeAppendedData(0 if raw else 1)
                    save(f"{mode}_{packed}_{wide}_{raw}.vtp", writer)
    backward = vtk.vtkXMLPolyDataWriter()
    backward.SetByteOrderToBigEndian()
    save("backward.vtp", backward)
    strips = vtk.vtkStripper()
    strips.SetInputData(surface)
    strips.Update()
    save("strips.vtp", vtk.vtkXMLPolyDataWriter(), strips.GetOutput())
    turned = vtk.vtkPolyData()
    turned.DeepCopy(surface)
    space = vtk.vtkStringArray()
    space.SetName("SPACE")
    space.InsertNextValue("RAS")
    turned.GetFieldData().AddArray(space)
    low = surface.GetBounds()
    save(
        "ras.vtp",
        vtk.vtkXMLPolyDataWriter(),
        turned,
        bounds=[-low[1], -low[0], -low[3], -low[2], low[4], low[5]],
    )


for library, run in (("nibabel", nifti), ("SimpleITK", volumes), ("vtk", surfaces)):
    try:
        __import__(library)
    except ImportError:
        print(json.dumps({"missing": library}))
        continue
    run()
