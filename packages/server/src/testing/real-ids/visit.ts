import type { Asked, Owned } from './owned-project.ts'

export type Visit = {
  readonly path: string
  readonly json?: unknown
  readonly body?: Uint8Array<ArrayBuffer>
  /** 'refused': it names a thing of the other project. 'own': it names none, and its answer must hold none. */
  readonly answer: 'refused' | 'own'
  /** Refused to every key, the owner's too. */
  readonly peopleOnly?: true
}

/** What each route is asked, by its method and path, given the other project's things and the stranger's own. */
export type Visits = Readonly<Record<string, (theirs: Owned, own: Owned & Asked) => readonly Visit[]>>
