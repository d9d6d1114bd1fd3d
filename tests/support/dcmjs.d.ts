/** The part of dcmjs that the tests use; the package brings no types. */

declare module 'dcmjs' {
  interface NaturalDataset {
    Rows: number;
    Columns: number;
    RescaleSlope: number;
    RescaleIntercept: number;
    ImagePositionPatient: number[];
    PixelSpacing: number[];
    PixelData: ArrayBuffer[];
    TransferSyntaxUID: string;
  }
  const dcmjs: {
    data: {
      DicomMessage: { readFile(buffer: ArrayBuffer): { dict: object; meta: object } };
      DicomMetaDictionary: { naturalizeDataset(dict: object): NaturalDataset };
    };
  };
  export default dcmjs;
}
