/**
 * The error of a broken promise: a caller handed a function something its documentation forbids.
 * It names the parameter, what came and what was expected, so the message is enough to find the call.
 */

/** Thrown at the door of a public function when an argument is outside what the function promises to handle. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
  /** recognises the error on the far side of a worker boundary, where `instanceof` fails */
  readonly tag = 'ArgumentError';
  readonly parameter: string;
  readonly got: unknown;
  readonly expected: string;

  /**
   * @param parameter - name of the offending parameter
   * @param got - what was passed
   * @param expected - what would have been right, in words
   */
  constructor(parameter: string, got: unknown, expected: string) {
    super(`${parameter}: got ${describe(got)}, expected ${expected}`);
    this.parameter = parameter;
    this.got = got;
    this.expected = expected;
  }
}

/**
 * Throws an {@link ArgumentError} unless the promise holds.
 *
 * @param holds - the promise
 * @param parameter - name of the parameter it is about
 * @param got - what was passed
 * @param expected - what would have been right, in words
 * @throws ArgumentError when `holds` is false
 */
export function expectArgument(holds: boolean, parameter: string, got: unknown, expected: string): asserts holds {
  if (!holds) throw new ArgumentError(parameter, got, expected);
}

function describe(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
  if (Array.isArray(value) && value.length > 8) return `array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)?.slice(0, 120) ?? 'object';
  return String(value);
}
