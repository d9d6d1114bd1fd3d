import type { Modality } from '../../runtime/index.ts';

/** Inertial sensors worn on the body: acceleration, angular rate, magnetic field, orientation. */
export const imu: Modality = {
  id: 'imu',
  title: 'Inertial sensors',
  scales: ['macro'],
  kinds: ['signal.imu', 'signal.orientation'],
  accepts: 'CSV, TXT (Xsens), HDF5 (APDM), MAT, STO, XDF, C3D, Parquet',
};
