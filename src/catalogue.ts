/**
 * Every format, modality, capability, tool and the inference engine of the system, one line each, imported when it is needed.
 *
 * Written by hand; a test checks that no folder is missing.
 */

import type { Catalogue } from './runtime/index.ts';

export const catalogue: Catalogue = {
  formats: [
    { id: 'dicom', load: async () => (await import('./formats/dicom/index.ts')).dicom },
    { id: 'zip', load: async () => (await import('./formats/zip/index.ts')).zip },
    { id: 'nifti', load: async () => (await import('./formats/nifti/index.ts')).nifti },
    { id: 'nrrd', load: async () => (await import('./formats/nrrd/index.ts')).nrrd },
    { id: 'mha', load: async () => (await import('./formats/mha/index.ts')).mha },
    { id: 'mat', load: async () => (await import('./formats/mat/index.ts')).mat },
    { id: 'hdf5', load: async () => (await import('./formats/hdf5/index.ts')).hdf5 },
    { id: 'opensignals', load: async () => (await import('./formats/opensignals/index.ts')).opensignals },
    { id: 'c3d', load: async () => (await import('./formats/c3d/index.ts')).c3d },
    { id: 'xdf', load: async () => (await import('./formats/xdf/index.ts')).xdf },
    { id: 'trc', load: async () => (await import('./formats/trc/index.ts')).trc },
    { id: 'mot', load: async () => (await import('./formats/mot/index.ts')).mot },
    { id: 'xsens-mtw', load: async () => (await import('./formats/xsens-mtw/index.ts')).xsensMtw },
    { id: 'apdm-csv', load: async () => (await import('./formats/apdm-csv/index.ts')).apdmCsv },
    { id: 'kinect', load: async () => (await import('./formats/kinect/index.ts')).kinect },
    { id: 'signal-csv', load: async () => (await import('./formats/signal-csv/index.ts')).signalCsv },
    { id: 'edf', load: async () => (await import('./formats/edf/index.ts')).edf },
    { id: 'pcd', load: async () => (await import('./formats/pcd/index.ts')).pcd },
    { id: 'xyz', load: async () => (await import('./formats/xyz/index.ts')).xyz },
    { id: 'depth', load: async () => (await import('./formats/depth/index.ts')).depth },
    { id: 'bvh', load: async () => (await import('./formats/bvh/index.ts')).bvh },
    { id: 'anc', load: async () => (await import('./formats/anc/index.ts')).anc },
    { id: 'nexus-csv', load: async () => (await import('./formats/nexus-csv/index.ts')).nexusCsv },
    { id: 'stl', load: async () => (await import('./formats/stl/index.ts')).stl },
    { id: 'ply', load: async () => (await import('./formats/ply/index.ts')).ply },
    { id: 'obj', load: async () => (await import('./formats/obj/index.ts')).obj },
    { id: 'glb', load: async () => (await import('./formats/glb/index.ts')).glb },
    { id: 'vtp', load: async () => (await import('./formats/vtp/index.ts')).vtp },
    { id: 'parquet', load: async () => (await import('./formats/parquet/index.ts')).parquet },
    { id: 'vid-keypoints', load: async () => (await import('./formats/vid-keypoints/index.ts')).vidKeypoints },
    { id: 'fhir', load: async () => (await import('./formats/fhir/index.ts')).fhir },
    { id: 'json', load: async () => (await import('./formats/json/index.ts')).json },
    { id: 'csv', load: async () => (await import('./formats/csv/index.ts')).csv },
  ],
  modalities: [
    { id: 'ct', load: async () => (await import('./subject/ct/index.ts')).ct },
    { id: 'mr', load: async () => (await import('./subject/mr/index.ts')).mr },
    { id: 'volume', load: async () => (await import('./subject/volume/index.ts')).volume },
    { id: 'labels', load: async () => (await import('./subject/labels/index.ts')).labels },
    { id: 'surface', load: async () => (await import('./subject/surface/index.ts')).surface },
    { id: 'keypoints', load: async () => (await import('./subject/keypoints/index.ts')).keypoints },
    { id: 'motion', load: async () => (await import('./subject/motion/index.ts')).motion },
    { id: 'video3d', load: async () => (await import('./subject/video3d/index.ts')).video3d },
    { id: 'force', load: async () => (await import('./subject/force/index.ts')).force },
    { id: 'imu', load: async () => (await import('./subject/imu/index.ts')).imu },
    { id: 'emg', load: async () => (await import('./subject/emg/index.ts')).emg },
    { id: 'record', load: async () => (await import('./subject/record/index.ts')).record },
    { id: 'table', load: async () => (await import('./subject/table/index.ts')).table },
    { id: 'document', load: async () => (await import('./subject/document/index.ts')).document },
  ],
  capabilities: [
    { id: 'label-import', load: async () => (await import('./hme/label-import/index.ts')).labelImport },
    { id: 'skin-segmentation', load: async () => (await import('./hme/skin-segmentation/index.ts')).skinSegmentation },
    { id: 'bone-segmentation', load: async () => (await import('./hme/bone-segmentation/index.ts')).boneSegmentation },
    {
      id: 'surface-extraction',
      load: async () => (await import('./hme/surface-extraction/index.ts')).surfaceExtraction,
    },
    { id: 'spine-geometry', load: async () => (await import('./hme/spine-geometry/index.ts')).spineGeometry },
    {
      id: 'cobb-from-landmarks',
      load: async () => (await import('./hme/cobb-from-landmarks/index.ts')).cobbFromLandmarks,
    },
    { id: 'force-plates', load: async () => (await import('./hme/force-plates/index.ts')).forcePlates },
    { id: 'disc-volume', load: async () => (await import('./hme/disc-volume/index.ts')).discVolume },
    { id: 'electrode-sites', load: async () => (await import('./hme/electrode-sites/index.ts')).electrodeSites },
    {
      id: 'keypoint-geometry',
      load: async () => (await import('./hme/keypoint-geometry/index.ts')).keypointGeometry,
    },
    { id: 'emg-analysis', load: async () => (await import('./hme/emg-analysis/index.ts')).emgAnalysis },
    { id: 'imu-orientation', load: async () => (await import('./hme/imu-orientation/index.ts')).imuOrientation },
    { id: 'segment-angles', load: async () => (await import('./hme/segment-angles/index.ts')).segmentAngles },
    { id: 'motion-kinematics', load: async () => (await import('./hme/motion-kinematics/index.ts')).motionKinematics },
    {
      id: 'video-kinematics',
      load: async () => (await import('./hme/video-kinematics/index.ts')).videoKinematics,
    },
    {
      id: 'action-recognition',
      load: async () => (await import('./hme/action-recognition/index.ts')).actionRecognition,
    },
    { id: 'clock-alignment', load: async () => (await import('./hme/clock-alignment/index.ts')).clockAlignment },
    { id: 'agreement', load: async () => (await import('./hme/agreement/index.ts')).agreement },
  ],
  tools: [
    {
      id: 'totalsegmentator',
      load: async () => (await import('./interop/totalsegmentator/index.ts')).totalSegmentator,
    },
    { id: 'opensim', load: async () => (await import('./interop/opensim/index.ts')).openSim },
  ],
  inference: { id: 'msdt-inference', load: async () => (await import('./inference/index.ts')).inferenceEngine },
};
