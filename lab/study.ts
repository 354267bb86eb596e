/** What a study says of itself before it may be run and its table written: a report on simulated input says so in its title. */

/** What is not there, and why; published as such. */
export type Lacking = { readonly lacking: string }
type Said = string | Lacking

export type About =
  | {
      /** The only input is our own simulator. */
      readonly input: 'simulated'
      readonly parameters: Said
      /** What the best rule that knows the world comes to. */
      readonly oracle: Said
      readonly naive: Said
      /** The world in which our method should lose. */
      readonly loses: Said
      /** What is drawn anew or swept, so that not one setting alone is shown. */
      readonly family: Said
    }
  | {
      readonly input: 'recorded' | 'server'
      readonly from: string
    }

/** What a run is told from outside. */
export type Call = {
  readonly short: boolean
  /** The path that was given; throws, saying what it should be, when there is none. */
  readonly data: (what: string) => string
  /** Minutes after which a study that keeps its chunks stops. */
  readonly minutes: number
}
export type Study = { readonly about: About; readonly run: (call: Call) => string | Promise<string> }

const TITLES = {
  parameters: 'Parameters',
  oracle: 'Oracle',
  naive: 'Naive rule',
  loses: 'Where ours should lose',
  family: 'Drawn or swept',
} as const

export function titleOf(name: string, { input }: About): string {
  return input === 'simulated' ? `${name} (simulated)` : name
}

/** Lines of a list, one a point. */
export function aboutLines(about: About): string {
  if (about.input !== 'simulated') return `- Input: ${about.from}`
  return Object.entries(TITLES)
    .map(([key, title]) => {
      const said = about[key as keyof typeof TITLES]
      return `- ${title}: ${typeof said === 'string' ? said : `none. ${said.lacking}`}`
    })
    .join('\n')
}

/** By name of the point. */
export function lackingOf(about: About): readonly string[] {
  return about.input === 'simulated'
    ? Object.keys(TITLES).filter((key) => typeof about[key as keyof typeof TITLES] !== 'string')
    : []
}
