/** Errors of this reader: every one names the file, the place in it and a remedy. */

import { type ErrorCode, isMsdtError, MsdtError } from '../../../model/index.ts';

const DEFAULT_HINT: Partial<Record<ErrorCode, string>> = {
  'file.truncated': 'Copy or export the file again; the transfer probably stopped early.',
  'file.malformed': 'Export the file again from its source; it was damaged or written against the standard.',
  'file.unsupported':
    'Export it again as uncompressed DICOM (Explicit VR Little Endian), or convert it with gdcmconv --raw.',
  'file.too-large': 'Export the series in smaller parts or at a lower matrix size.',
  'file.unsafe': 'Do not open this file; ask its sender for a clean copy.',
};

/** An `MsdtError` about one file. */
export function fileError(code: ErrorCode, file: string, place: string, detail: string, hint?: string): MsdtError {
  const message = MESSAGES[code]?.(file) ?? `${file} could not be read`;
  return new MsdtError(code, message, { where: { file, place }, detail, hint: hint ?? DEFAULT_HINT[code] });
}

const MESSAGES: Partial<Record<ErrorCode, (file: string) => string>> = {
  'file.truncated': (file) => `${file} is cut short`,
  'file.malformed': (file) => `${file} is damaged`,
  'file.unsupported': (file) => `${file} uses something this reader does not know`,
  'file.unrecognised': (file) => `${file} is not a DICOM file`,
  'file.too-large': (file) => `${file} is too large`,
  'file.unsafe': (file) => `${file} looks made to do harm`,
  'series.inconsistent': (file) => `The slices around ${file} do not fit together`,
};

/** What a codec or another library threw, as an error about this file; errors of the house and cancellations pass. */
export function asFileError(error: unknown, file: string, place: string): Error {
  if (isMsdtError(error)) return error as MsdtError;
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'ArgumentError')) return error;
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new MsdtError('file.malformed', `${file} is damaged`, {
    where: { file, place },
    detail,
    hint: DEFAULT_HINT['file.malformed'],
    cause: error,
  });
}
