/** The part of the WASM codecs that is used; the packages bring no types. */

interface WasmFrameInfo {
  width: number;
  height: number;
  bitsPerSample: number;
  componentCount: number;
  isSigned: boolean;
}

interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): WasmFrameInfo;
  decode(): void;
  delete(): void;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const load: (options?: object) => Promise<{ J2KDecoder: new () => WasmDecoder }>;
  export default load;
}

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const load: (options?: object) => Promise<{
    JpegLSDecoder: new () => WasmDecoder & { getInterleaveMode(): number };
    getExceptionMessage(pointer: number): string;
  }>;
  export default load;
}
