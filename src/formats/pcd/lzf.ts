/** LZF decompression, as PCD uses it. */

/**
 * Inflates LZF data.
 * @param size - bytes that come out
 * @returns undefined where the data do not give exactly that many bytes
 * @see Lehmann, LibLZF
 * @example inflateLzf(new Uint8Array([2, 97, 98, 99]), 3) // new Uint8Array([97, 98, 99])
 */
export function inflateLzf(source: Uint8Array, size: number): Uint8Array | undefined {
  const out = new Uint8Array(size);
  let to = 0;
  for (let at = 0; at < source.length; ) {
    const control = source[at++];
    if (control < 32) {
      const length = control + 1;
      if (at + length > source.length || to + length > size) return undefined;
      out.set(source.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    let length = control >> 5;
    if (length === 7) length += source[at++];
    length += 2;
    const from = to - ((control & 31) << 8) - source[at++] - 1;
    if (at > source.length || from < 0 || to + length > size) return undefined;
    for (let index = 0; index < length; index++) out[to + index] = out[from + index];
    to += length;
  }
  return to === size ? out : undefined;
}
