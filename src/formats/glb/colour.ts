/** sRGB bytes and the linear light that glTF stores (IEC 61966-2-1). */

/**
 * Linear light of an sRGB byte, 0 to 1.
 * @example srgbToLinear(255) // 1
 */
export function srgbToLinear(byte: number): number {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/**
 * sRGB byte of linear light; clamped.
 * @example linearToSrgb(srgbToLinear(77)) // 77
 */
export function linearToSrgb(light: number): number {
  const value = Math.min(1, Math.max(0, light));
  return Math.round(255 * (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055));
}
