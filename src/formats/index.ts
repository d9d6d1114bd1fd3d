/** File formats by id; each folder holds one. */

export { anc } from './anc/index.ts';
export { apdmCsv } from './apdm-csv/index.ts';
export { bvh } from './bvh/index.ts';
export { type C3dDocument, c3d, readC3d, writeC3d } from './c3d/index.ts';
export { csv } from './csv/index.ts';
export { depth } from './depth/index.ts';
export { dicom } from './dicom/index.ts';
export { edf } from './edf/index.ts';
export { assessmentFrom, draftOrder, featureBundle, featuresFrom, fhir } from './fhir/index.ts';
export { glb } from './glb/index.ts';
export { graphml } from './graphml/index.ts';
export { gunzipped } from './gunzip.ts';
export { hdf5 } from './hdf5/index.ts';
export { json } from './json/index.ts';
export { jsonld } from './jsonld/index.ts';
export { kinect } from './kinect/index.ts';
export { mat } from './mat/index.ts';
export { mha } from './mha/index.ts';
export { type MotTable, mot, readMotTable } from './mot/index.ts';
export { nexusCsv } from './nexus-csv/index.ts';
export { nifti } from './nifti/index.ts';
export { nrrd } from './nrrd/index.ts';
export { obj } from './obj/index.ts';
export { opensignals } from './opensignals/index.ts';
export {
  isMotionKind,
  MOTION_KINDS,
  type MotionFile,
  type MotionKind,
  parquet,
  readMotionParquet,
  writeMotionParquet,
} from './parquet/index.ts';
export { PATIENT_GRAPH_FORMATS, patientGraphFile } from './patient-graph-file.ts';
export { pcd } from './pcd/index.ts';
export { plainText } from './plain-text.ts';
export { ply } from './ply/index.ts';
export { recordCsv } from './record-csv/index.ts';
export { signalCsv } from './signal-csv/index.ts';
export { stl } from './stl/index.ts';
export { trc } from './trc/index.ts';
export { vidKeypoints } from './vid-keypoints/index.ts';
export { vtp } from './vtp/index.ts';
export { xdf } from './xdf/index.ts';
export { xsensMtw } from './xsens-mtw/index.ts';
export { xyz } from './xyz/index.ts';
export { zip } from './zip/index.ts';
