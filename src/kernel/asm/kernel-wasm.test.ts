import { describe, expect, it } from 'vitest';
import { compileKernel, kernelSource } from '../../../scripts/build-kernel.ts';
import { KERNEL_WASM_BASE64 } from './kernel-wasm.ts';

describe('the shipped kernel', () => {
  it('is what its sources compile to (else run: node scripts/build-kernel.ts)', async () => {
    const bytes = await compileKernel();
    expect(WebAssembly.validate(new Uint8Array(bytes))).toBe(true);
    expect(kernelSource(bytes)).toContain(KERNEL_WASM_BASE64);
  }, 60_000);
});
