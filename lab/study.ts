/** What a study says of itself before it may be run and its table written: a report on simulated input says so in its title. */

export type About =
  | {
      /** The only input is our own simulator. */
      readonly input: 'simulated'
      readonly parameters: string
      /** What the best rule that knows the world comes to. */
      readonly oracle: string
      readonly naive: string
      /** The world in which our method should lose. */
      readonly loses: string
      /** What is drawn anew or swept, so that not one setting alone is shown. */
      readonly family: string
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
    .map(([key, title]) => `- ${title}: ${about[key as keyof typeof TITLES]}`)
    .join('\n')
}
