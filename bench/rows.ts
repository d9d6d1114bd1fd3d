/** The rows of the speed table: our cases, their peers and the goals, as the plan of the kernels set them. */

/** A goal: our engine against a peer on one case. */
export interface Goal {
  readonly case: string;
  readonly ours: string;
  readonly peer: string;
  /** ours / peer in CPU seconds must not be above this; undefined is information only */
  readonly ratio?: number;
}

/** A program that prints JSON lines. */
export interface Program {
  /** command and arguments; `$PEERS`, `$ROOT`, `$DATA` and `$BIN` are replaced */
  readonly command: readonly string[];
}

/** One row. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly own: Program;
  readonly peers: readonly Program[];
  readonly goals: readonly Goal[];
}

const own = (id: string): Program => ({ command: ['node', '--expose-gc', '$ROOT/bench/kernels.ts', id] });
const python = (script: string, ...args: string[]): Program => ({ command: ['/usr/bin/python3', script, ...args] });

export const ROWS: readonly Row[] = [
  {
    id: '1',
    title: 'isosurface, 512×512×300 int16',
    own: own('1'),
    peers: [python('$PEERS/k01_isosurface.py', 'quick')],
    goals: [
      { case: 'bone200-512x512x300', ours: 'msdt-simd', peer: 'vtk9.1-FlyingEdges3D', ratio: 0.5 },
      { case: 'bone200-512x512x300', ours: 'msdt-simd-foreign-array', peer: 'vtk9.1-FlyingEdges3D' },
      { case: 'bone200-512x512x300', ours: 'msdt-plain', peer: 'vtk9.1-FlyingEdges3D', ratio: 1.3 },
      { case: 'skin-300-512x512x300', ours: 'msdt-simd', peer: 'vtk9.1-FlyingEdges3D', ratio: 0.5 },
      { case: 'skin-300-512x512x300', ours: 'msdt-plain', peer: 'vtk9.1-FlyingEdges3D', ratio: 1.3 },
    ],
  },
  {
    id: '2a',
    title: 'windowed sinc, 20 iterations, 1.36 M triangles',
    own: own('2a'),
    peers: [python('$ROOT/bench/peers/vtk_mesh.py')],
    goals: [
      { case: '20it-pb0.1', ours: 'msdt-simd', peer: 'vtk-WindowedSinc', ratio: 0.6 },
      { case: '20it-pb0.1', ours: 'msdt-plain', peer: 'vtk-WindowedSinc' },
    ],
  },
  {
    id: '2b',
    title: 'decimation to 10 %, 1.36 M triangles',
    own: own('2b'),
    peers: [{ command: ['node', '--expose-gc', '$PEERS/js_peers.mjs', 'meshopt'] }],
    goals: [{ case: 'reduce90%-bone200-err0.05', ours: 'msdt', peer: 'meshoptimizer1.3-wasm-simplify', ratio: 1 }],
  },
  {
    id: '4b',
    title: 'connected components, 78.6 M voxels',
    own: own('4b'),
    peers: [{ command: ['$BIN/itk_peer', '$DATA'] }],
    goals: [
      { case: 'full512x512x300-6conn', ours: 'msdt-simd', peer: 'itk5.2-ConnectedComponent', ratio: 0.9 },
      { case: 'full512x512x300-6conn', ours: 'msdt-simd-from-ct-to-sizes', peer: 'itk5.2-ConnectedComponent' },
      { case: 'full512x512x300-6conn', ours: 'msdt-plain', peer: 'itk5.2-ConnectedComponent' },
    ],
  },
  {
    id: '7',
    title: 'IMU fusion, 999,000 samples',
    own: { command: ['node', '--expose-gc', '$ROOT/bench/imu.ts'] },
    peers: [{ command: [process.env.MSDT_PYTHON ?? '/usr/bin/python3', '$ROOT/bench/peers/vqf_imu.py'] }],
    goals: [
      { case: '999k-9D-online', ours: 'msdt', peer: 'vqf2.1-cpp', ratio: 1.9 },
      { case: '999k-6D-online', ours: 'msdt', peer: 'vqf2.1-cpp' },
      { case: '999k-9D-basic', ours: 'msdt', peer: 'vqf2.1-cpp' },
      { case: '999k-9D-offline', ours: 'msdt', peer: 'vqf2.1-cpp' },
      { case: '999k-9D-online', ours: 'msdt-madgwick2010', peer: 'vqf2.1-cpp' },
    ],
  },
  {
    id: '8',
    title: 'sEMG, 16 channels × 600 s × 2000 Hz',
    own: { command: ['node', '--expose-gc', '$ROOT/bench/signals.ts'] },
    peers: [python('$PEERS/k08_semg.py')],
    goals: [
      { case: 'band+notch+rms+MF/MPF', ours: 'msdt', peer: 'scipy1.10-full-chain', ratio: 0.8 },
      { case: 'band+notch+rms+MF/MPF', ours: 'msdt-plain', peer: 'scipy1.10-full-chain' },
      { case: 'butter4-20-450-zero-phase', ours: 'msdt', peer: 'scipy1.10-sosfiltfilt' },
      { case: 'butter4-20-450-causal', ours: 'msdt', peer: 'scipy1.10-sosfilt' },
      { case: 'notch50-zero-phase', ours: 'msdt', peer: 'scipy1.10-filtfilt' },
      { case: 'moving-200ms', ours: 'msdt', peer: 'numpy-rms' },
      { case: 'rectify+lowpass6Hz-zero-phase', ours: 'msdt', peer: 'scipy1.10-envelope' },
      { case: '1s-hann-50%', ours: 'msdt', peer: 'scipy1.10-STFT-MF-MPF' },
      { case: '16ch-nperseg2000', ours: 'msdt', peer: 'scipy1.10-welch' },
    ],
  },
  {
    id: '9',
    title: '3D video, 20 k points a frame',
    own: { command: ['node', '--expose-gc', '$ROOT/bench/clouds.ts'] },
    peers: [python('$ROOT/bench/peers/scipy_clouds.py')],
    goals: [
      { case: '20k', ours: 'msdt-kd-build', peer: 'scipy-cKDTree-build' },
      { case: '20k', ours: 'msdt-plain-kd-build', peer: 'scipy-cKDTree-build' },
      { case: '20k-in-20k', ours: 'msdt-kd-1nn', peer: 'scipy-cKDTree-1nn', ratio: 0.66 },
      { case: '20k-in-20k', ours: 'msdt-kd-20nn', peer: 'scipy-cKDTree-20nn' },
      { case: '20k-r12mm', ours: 'msdt-kd-ball', peer: 'scipy-cKDTree-ball' },
      { case: '20k-into-64^3-unique', ours: 'msdt-voxels', peer: 'numpy-voxelise' },
      { case: '200kp-in-20k', ours: 'msdt-shape-context', peer: 'numpy-shape-context' },
      { case: '300x280-d60', ours: 'msdt-DTW', peer: 'scipy-cdist+numba-DTW' },
      { case: '300x280-d60', ours: 'msdt-plain-DTW', peer: 'scipy-cdist+numba-DTW' },
      { case: 'all-pairs-100-sequences(30-70 frames)-d60', ours: 'msdt-DTW', peer: 'scipy-cdist+numba-DTW' },
    ],
  },
  {
    id: '10',
    title: 'oblique slice 512×512, trilinear',
    own: own('10'),
    peers: [python('$ROOT/bench/peers/vtk_slices.py')],
    goals: [
      { case: '512x512-oblique-linear', ours: 'msdt-simd', peer: 'vtk-ImageReslice', ratio: 0.7 },
      { case: '512x512-oblique-linear', ours: 'msdt-plain', peer: 'vtk-ImageReslice', ratio: 0.7 },
    ],
  },
  {
    id: '11',
    title: 'DICOM series, 300 slices uncompressed, warm',
    own: { command: ['node', '--expose-gc', '$ROOT/bench/dicom.ts', 'series'] },
    peers: [python('$ROOT/bench/peers/vtk_dicom.py')],
    goals: [
      { case: '300x512x512-uncompressed-warm', ours: 'msdt-new-arena', peer: 'vtk-DICOMImageReader', ratio: 0.8 },
      { case: '300x512x512-uncompressed-warm', ours: 'msdt', peer: 'vtk-DICOMImageReader', ratio: 0.8 },
      { case: '300x512x512-uncompressed-warm', ours: 'msdt-kept-arena', peer: 'vtk-DICOMImageReader' },
      { case: '300x512x512-uncompressed-warm', ours: 'dicom-parser1.8-node', peer: 'vtk-DICOMImageReader' },
    ],
  },
  {
    id: '13',
    title: 'texture, 682 k vertices, trilinear',
    own: own('13'),
    peers: [python('$ROOT/bench/peers/vtk_slices.py')],
    goals: [
      { case: 'texture-682k-vertices', ours: 'msdt-simd', peer: 'vtk-ProbeFilter', ratio: 0.55 },
      { case: 'texture-682k-vertices', ours: 'msdt-plain', peer: 'vtk-ProbeFilter', ratio: 0.55 },
    ],
  },
];
