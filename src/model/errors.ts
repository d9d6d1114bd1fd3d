/**
 * Errors of the house: what a caller did wrong (`ArgumentError`) and what the world did wrong (`MsdtError`).
 *
 * `MsdtError` is recognised by its tag, not by `instanceof`, so it survives a worker boundary.
 */

/** Every code an `MsdtError` may carry. One table maps them to HTTP status and FHIR issue type. */
export const ERROR_CODES = {
  'file.unrecognised': { http: 415, fhir: 'not-supported' },
  'file.truncated': { http: 422, fhir: 'structure' },
  'file.malformed': { http: 422, fhir: 'structure' },
  'file.unsupported': { http: 415, fhir: 'not-supported' },
  'file.unsafe': { http: 422, fhir: 'security' },
  'file.too-large': { http: 413, fhir: 'too-long' },
  'file.unreadable': { http: 404, fhir: 'not-found' },
  'series.inconsistent': { http: 422, fhir: 'invariant' },
  'geometry.degenerate': { http: 422, fhir: 'processing' },
  'geometry.no-overlap': { http: 422, fhir: 'processing' },
  'input.missing': { http: 409, fhir: 'required' },
  'input.empty': { http: 422, fhir: 'value' },
  'labels.unknown': { http: 422, fhir: 'code-invalid' },
  'parameter.invalid': { http: 400, fhir: 'value' },
  'method.no-convergence': { http: 422, fhir: 'processing' },
  'job.cancelled': { http: 409, fhir: 'suppressed' },
  'job.crashed': { http: 500, fhir: 'exception' },
  'store.locked': { http: 503, fhir: 'lock-error' },
  'store.unavailable': { http: 503, fhir: 'transient' },
  'store.not-found': { http: 404, fhir: 'not-found' },
  'store.conflict': { http: 409, fhir: 'conflict' },
  'store.damaged': { http: 500, fhir: 'exception' },
  'store.full': { http: 507, fhir: 'no-store' },
  'tool.missing': { http: 501, fhir: 'not-supported' },
  'tool.failed': { http: 502, fhir: 'processing' },
  'access.denied': { http: 401, fhir: 'security' },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Where in the world an error happened: the file and the place inside it. */
export interface ErrorPlace {
  /** file as the user knows it (name or path relative to what was given), never an absolute server path */
  file?: string;
  /** place inside the file in words a user can act on: "byte 348", "slice at z = -612.0 mm", "tag (0028,0010)" */
  place?: string;
}

/** Everything an `MsdtError` says beside its code and message. */
export interface MsdtErrorInit {
  where?: ErrorPlace;
  /** what was expected and what was found */
  detail?: string;
  /** what the user can do about it */
  hint?: string;
  cause?: unknown;
}

/** A world that is not as hoped: unreadable file, missing tag, no overlap, no convergence. */
export class MsdtError extends Error {
  readonly tag = 'MsdtError';
  readonly code: ErrorCode;
  readonly where: ErrorPlace;
  readonly detail: string;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, init: MsdtErrorInit = {}) {
    super(message, { cause: init.cause });
    this.name = 'MsdtError';
    this.code = code;
    this.where = init.where ?? {};
    this.detail = init.detail ?? '';
    this.hint = init.hint ?? '';
  }
}

// A promise broken by the calling code; a defect, never the user's data. It lives in the lowest room.
export { ArgumentError } from '../kernel/index.ts';

/**
 * True when `error` is an `MsdtError`, optionally of one code; works on errors that crossed a worker boundary.
 * @example isMsdtError(new MsdtError('file.truncated', 'too short'), 'file.truncated') // true
 */
export function isMsdtError(error: unknown, code?: ErrorCode): error is MsdtError {
  return (
    typeof error === 'object' &&
    error !== null &&
    (error as { tag?: unknown }).tag === 'MsdtError' &&
    (code === undefined || (error as MsdtError).code === code)
  );
}

/** The plain-data form of an error for JSON, logs and worker messages. */
export interface ErrorRecord {
  code: ErrorCode;
  message: string;
  where: ErrorPlace;
  detail: string;
  hint: string;
}

/** Turns anything thrown into an `ErrorRecord`; unknown errors become `job.crashed` with their message. */
export function toErrorRecord(error: unknown): ErrorRecord {
  if (isMsdtError(error)) {
    const { code, message, where, detail, hint } = error;
    return { code, message, where, detail, hint };
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return {
      code: 'job.cancelled',
      message: 'Cancelled',
      where: {},
      detail: '',
      hint: 'Start it again when you need it.',
    };
  }
  const message = messageOf(error);
  return {
    code: 'job.crashed',
    message,
    where: {},
    detail: error instanceof Error ? (error.stack ?? '') : '',
    hint: 'This is a defect of the program; please report it with the details.',
  };
}

/** Rebuilds an `MsdtError` from its record. */
export function fromErrorRecord(record: ErrorRecord): MsdtError {
  return new MsdtError(record.code, record.message, record);
}

/**
 * What was said by whatever was thrown: the message of an error, else its text.
 * @example messageOf(new Error('no such file')) // 'no such file'
 */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
