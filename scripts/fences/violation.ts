/** One thing a fence found: where it is, what is wrong, and how to mend it. */
export type Violation = {
  /** `file:line`, or a file, relative to the repository. */
  readonly where: string
  readonly what: string
  readonly mend: string
}

/** A fence looks at the tree under `root` and reports everything that must not be there. */
export type Fence = (root: string) => Promise<readonly Violation[]>
