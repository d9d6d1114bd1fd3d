/** Transfer syntaxes and object classes, as far as this reader tells them apart (DICOM PS3.6 annex A). */

export type PixelCoding = 'native' | 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg2000' | 'unsupported';

/** How a file encodes its header and its pixels. */
export interface TransferSyntax {
  uid: string;
  title: string;
  explicit: boolean;
  littleEndian: boolean;
  deflated: boolean;
  pixels: PixelCoding;
  /** pixel words are big endian although the header is little endian (an old GE habit) */
  swappedPixels?: boolean;
}

const ROWS: [uid: string, title: string, pixels: PixelCoding][] = [
  ['1.2.840.10008.1.2.1', 'Explicit VR Little Endian', 'native'],
  ['1.2.840.10008.1.2.5', 'RLE Lossless', 'rle'],
  ['1.2.840.10008.1.2.4.50', 'JPEG Baseline (8 bit)', 'jpeg'],
  ['1.2.840.10008.1.2.4.51', 'JPEG Extended (12 bit)', 'jpeg'],
  ['1.2.840.10008.1.2.4.52', 'JPEG Extended, processes 3 and 5', 'unsupported'],
  ['1.2.840.10008.1.2.4.53', 'JPEG Spectral Selection, processes 6 and 8', 'jpeg'],
  ['1.2.840.10008.1.2.4.54', 'JPEG Spectral Selection, processes 7 and 9', 'unsupported'],
  ['1.2.840.10008.1.2.4.55', 'JPEG Full Progression, processes 10 and 12', 'jpeg'],
  ['1.2.840.10008.1.2.4.56', 'JPEG Full Progression, processes 11 and 13', 'unsupported'],
  ['1.2.840.10008.1.2.4.57', 'JPEG Lossless, process 14', 'jpeg'],
  ['1.2.840.10008.1.2.4.58', 'JPEG Lossless, process 15', 'unsupported'],
  ['1.2.840.10008.1.2.4.70', 'JPEG Lossless, first-order prediction', 'jpeg'],
  ['1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless', 'jpeg-ls'],
  ['1.2.840.10008.1.2.4.81', 'JPEG-LS Near-Lossless', 'jpeg-ls'],
  ['1.2.840.10008.1.2.4.90', 'JPEG 2000 Lossless', 'jpeg2000'],
  ['1.2.840.10008.1.2.4.91', 'JPEG 2000', 'jpeg2000'],
  ['1.2.840.10008.1.2.4.92', 'JPEG 2000 multi-component, lossless', 'unsupported'],
  ['1.2.840.10008.1.2.4.93', 'JPEG 2000 multi-component', 'unsupported'],
  ['1.2.840.10008.1.2.4.100', 'MPEG-2 video', 'unsupported'],
  ['1.2.840.10008.1.2.4.101', 'MPEG-2 video, high level', 'unsupported'],
  ['1.2.840.10008.1.2.4.102', 'MPEG-4 video', 'unsupported'],
  ['1.2.840.10008.1.2.4.103', 'MPEG-4 video, BD-compatible', 'unsupported'],
  ['1.2.840.10008.1.2.4.107', 'HEVC video', 'unsupported'],
  ['1.2.840.10008.1.2.4.110', 'JPEG XL Lossless', 'unsupported'],
  ['1.2.840.10008.1.2.4.111', 'JPEG XL recompression', 'unsupported'],
  ['1.2.840.10008.1.2.4.112', 'JPEG XL', 'unsupported'],
  ['1.2.840.10008.1.2.4.201', 'High-Throughput JPEG 2000 Lossless', 'unsupported'],
  ['1.2.840.10008.1.2.4.202', 'High-Throughput JPEG 2000 RPCL', 'unsupported'],
  ['1.2.840.10008.1.2.4.203', 'High-Throughput JPEG 2000', 'unsupported'],
];

const SYNTAXES = new Map<string, TransferSyntax>(
  ROWS.map(([uid, title, pixels]) => [
    uid,
    { uid, title, pixels, explicit: true, littleEndian: true, deflated: false } satisfies TransferSyntax,
  ]),
);

/** The syntax every DICOM program knows; also the guess for files without a meta header. */
export const IMPLICIT_LITTLE_ENDIAN: TransferSyntax = {
  uid: '1.2.840.10008.1.2',
  title: 'Implicit VR Little Endian',
  explicit: false,
  littleEndian: true,
  deflated: false,
  pixels: 'native',
};

export const EXPLICIT_LITTLE_ENDIAN: TransferSyntax = SYNTAXES.get('1.2.840.10008.1.2.1') as TransferSyntax;

/** Retired, still met in archives. */
export const EXPLICIT_BIG_ENDIAN: TransferSyntax = {
  ...EXPLICIT_LITTLE_ENDIAN,
  uid: '1.2.840.10008.1.2.2',
  title: 'Explicit VR Big Endian',
  littleEndian: false,
};

SYNTAXES.set(IMPLICIT_LITTLE_ENDIAN.uid, IMPLICIT_LITTLE_ENDIAN);
SYNTAXES.set(EXPLICIT_BIG_ENDIAN.uid, EXPLICIT_BIG_ENDIAN);
SYNTAXES.set('1.2.840.10008.1.2.1.99', {
  ...EXPLICIT_LITTLE_ENDIAN,
  uid: '1.2.840.10008.1.2.1.99',
  title: 'Deflated Explicit VR Little Endian',
  deflated: true,
});
SYNTAXES.set('1.2.840.113619.5.2', {
  ...IMPLICIT_LITTLE_ENDIAN,
  uid: '1.2.840.113619.5.2',
  title: 'GE private: implicit VR little endian with big endian pixels',
  swappedPixels: true,
});

/** The transfer syntax of a UID; an unknown one is read as explicit little endian with pixels that cannot be decoded. */
export function transferSyntax(uid: string): TransferSyntax {
  return (
    SYNTAXES.get(uid) ?? {
      ...EXPLICIT_LITTLE_ENDIAN,
      uid,
      title: `transfer syntax ${uid}`,
      pixels: 'unsupported',
    }
  );
}

/** Every syntax of the table, for tests and documentation. */
export function knownTransferSyntaxes(): TransferSyntax[] {
  return [...SYNTAXES.values()];
}

export const SOP_CLASS = {
  ct: '1.2.840.10008.5.1.4.1.1.2',
  enhancedCt: '1.2.840.10008.5.1.4.1.1.2.1',
  mr: '1.2.840.10008.5.1.4.1.1.4',
  enhancedMr: '1.2.840.10008.5.1.4.1.1.4.1',
  segmentation: '1.2.840.10008.5.1.4.1.1.66.4',
  labelmapSegmentation: '1.2.840.10008.5.1.4.1.1.66.7',
  secondaryCapture: '1.2.840.10008.5.1.4.1.1.7',
  directory: '1.2.840.10008.1.3.10',
} as const;

/** What an object is, in words, when it holds no slices of a volume. */
const OTHER_OBJECTS: [prefix: string, what: string][] = [
  ['1.2.840.10008.1.3.10', 'the directory of a disc (DICOMDIR): its images are read by themselves'],
  ['1.2.840.10008.5.1.4.1.1.88', 'a structured report'],
  ['1.2.840.10008.5.1.4.1.1.11', 'a presentation state'],
  ['1.2.840.10008.5.1.4.1.1.104', 'an encapsulated document or model'],
  ['1.2.840.10008.5.1.4.1.1.481.3', 'radiotherapy contours (RTSTRUCT): export them as DICOM SEG or NIfTI labels'],
  ['1.2.840.10008.5.1.4.1.1.481', 'a radiotherapy object'],
  ['1.2.840.10008.5.1.4.1.1.66.5', 'a surface segmentation'],
  ['1.2.840.10008.5.1.4.1.1.66.1', 'a spatial registration'],
  ['1.2.840.10008.5.1.4.1.1.66', 'raw data or a registration'],
  ['1.2.840.10008.5.1.4.1.1.9', 'a waveform'],
  ['1.2.840.10008.5.1.4.1.1.7', 'a secondary capture (a picture of a screen)'],
  ['1.2.840.10008.5.1.4.1.1.6', 'an ultrasound image'],
  ['1.2.840.10008.5.1.4.1.1.3', 'an ultrasound recording'],
  ['1.2.840.10008.5.1.4.1.1.1', 'a projection radiograph'],
  ['1.2.840.10008.5.1.4.1.1.12', 'a fluoroscopy or angiography image'],
  ['1.2.840.10008.5.1.4.1.1.20', 'a nuclear medicine recording'],
  ['1.2.840.10008.5.1.4.1.1.77', 'a photograph or microscopy image'],
];

/** In words, what an object of this class is, when it is not slices of a volume; undefined when it may be. */
export function otherObject(sopClass: string): string | undefined {
  return OTHER_OBJECTS.find(([prefix]) => sopClass === prefix || sopClass.startsWith(`${prefix}.`))?.[1];
}
