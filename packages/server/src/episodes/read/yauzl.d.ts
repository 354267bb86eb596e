/** The part of yauzl we use; the package has no types of its own. */
declare module 'yauzl' {
  export type Entry = {
    readonly fileName: string
    readonly compressionMethod: number
    readonly compressedSize: number
    readonly uncompressedSize: number
    readonly crc32: number
    readonly relativeOffsetOfLocalHeader: number
    readonly isEncrypted: () => boolean
  }
  export type ZipFile = {
    readonly entryCount: number
    readonly readEntry: () => void
    readonly readLocalFileHeader: (
      entry: Entry,
      options: { readonly minimal: true },
      callback: (error: Error | null, header?: { readonly fileDataStart: number }) => void,
    ) => void
    readonly on: {
      (event: 'entry', listener: (entry: Entry) => void): void
      (event: 'end', listener: () => void): void
      (event: 'error', listener: (error: Error) => void): void
    }
  }
  const yauzl: {
    readonly fromBuffer: (
      buffer: Buffer,
      options: { readonly lazyEntries: true; readonly strictFileNames: true },
      callback: (error: Error | null, zip?: ZipFile) => void,
    ) => void
  }
  export default yauzl
}
