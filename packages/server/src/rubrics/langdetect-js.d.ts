declare module 'langdetect-js' {
  /** By n-gram of one to three characters, its share in each language; by language, its ISO 639-1 code. */
  export type Profiles = {
    readonly wordLangProbMap: Readonly<Record<string, readonly (number | undefined)[]>>
    readonly langlist: readonly string[]
  }
  export type Detector = {
    append_text(text: string): void
    /** Leaves out Latin letters where other ones prevail. */
    cleaning_text(): void
    /** Those that some profile knows. */
    extract_ngrams(): readonly string[]
  }
  const langdetect: {
    bundled_profiles(name: string): string
    load_profiles(folder: string): Profiles
    create_detector(profiles: Profiles): Detector
  }
  export default langdetect
}
