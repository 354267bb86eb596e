/**
 * What the NYU records say of the judges of one protocol (Michael et al. 2023, arXiv 2311.08702; judgments of the paper): what
 * they believed after each round, and how sure of it they stopped. `npm run realdata` compares these numbers with the records.
 */
export const PROTOCOLS = ['debate', 'consultancy'] as const
export type Protocol = (typeof PROTOCOLS)[number]

/** Each with its standard error: the standard deviation over the root of how many judges there are. */
export type Beliefs = {
  /** Mean probability of the right answer. */
  readonly mean: number
  readonly meanError: number
  /** Mean squared distance of that probability from one half: how sure they are, whichever answer they believe. */
  readonly spread: number
  readonly spreadError: number
}

export type ArmRecord = {
  readonly judgments: number
  readonly accuracy: number
  /** After one to four speeches of each side, of those who still judge. */
  readonly rounds: readonly Beliefs[]
  /** After each judge's last round. */
  readonly last: Beliefs
  /** Share of the rounds after which the judge stops, by how probable it holds its answer: below each of SURE_BELOW, and above all. */
  readonly stops: readonly number[]
}

export type Records = Readonly<Record<Protocol, ArmRecord>>

export const SURE_BELOW = [0.6, 0.75, 0.9, 0.97] as const
const ROUNDS = 4

export const HUMAN: Records = {
  debate: {
    judgments: 154,
    accuracy: 0.8442,
    rounds: [
      { mean: 0.5894, meanError: 0.0184, spread: 0.06, spreadError: 0.0063 },
      { mean: 0.7027, meanError: 0.0199, spread: 0.0948, spreadError: 0.0077 },
      { mean: 0.7225, meanError: 0.0298, spread: 0.1275, spreadError: 0.0094 },
      { mean: 0.7562, meanError: 0.0497, spread: 0.1496, spreadError: 0.0157 },
    ],
    last: { mean: 0.7941, meanError: 0.0247, spread: 0.1801, spreadError: 0.006 },
    stops: [0.0505, 0.0818, 0.4051, 0.5536, 0.9747],
  },
  consultancy: {
    judgments: 96,
    accuracy: 0.7396,
    rounds: [
      { mean: 0.5272, meanError: 0.0195, spread: 0.0374, spreadError: 0.0065 },
      { mean: 0.5399, meanError: 0.0244, spread: 0.0533, spreadError: 0.008 },
      { mean: 0.5408, meanError: 0.0319, spread: 0.0741, spreadError: 0.0099 },
      { mean: 0.6449, meanError: 0.0371, spread: 0.0884, spreadError: 0.0119 },
    ],
    last: { mean: 0.6973, meanError: 0.0346, spread: 0.154, spreadError: 0.008 },
    stops: [0.0235, 0.1605, 0.3333, 0.6458, 0.9667],
  },
}

export const GPT4: Records = {
  debate: {
    judgments: 87,
    accuracy: 0.7816,
    rounds: [
      { mean: 0.5682, meanError: 0.0228, spread: 0.05, spreadError: 0.0093 },
      { mean: 0.6095, meanError: 0.0285, spread: 0.0714, spreadError: 0.0115 },
      { mean: 0.6726, meanError: 0.0335, spread: 0.0937, spreadError: 0.0135 },
      { mean: 0.6167, meanError: 0.0395, spread: 0.076, spreadError: 0.0144 },
    ],
    last: { mean: 0.7539, meanError: 0.0375, spread: 0.187, spreadError: 0.0084 },
    stops: [0.0058, 0.2174, 0.3684, 0.5, 0.9016],
  },
  consultancy: {
    judgments: 76,
    accuracy: 0.8026,
    rounds: [
      { mean: 0.5913, meanError: 0.0265, spread: 0.0619, spreadError: 0.0112 },
      { mean: 0.6005, meanError: 0.0296, spread: 0.0619, spreadError: 0.0123 },
      { mean: 0.6172, meanError: 0.0401, spread: 0.083, spreadError: 0.0148 },
      { mean: 0.5734, meanError: 0.0359, spread: 0.0427, spreadError: 0.0153 },
    ],
    last: { mean: 0.765, meanError: 0.0386, spread: 0.1835, spreadError: 0.0093 },
    stops: [0.0108, 0.1905, 0.4138, 0.6364, 0.94],
  },
}

/** `beliefs[judgment][round]` is the probability of the right answer; round 0 is before the first speech. An even guess is not right. */
export function recordOf(beliefs: readonly (readonly number[])[]): ArmRecord {
  const last = beliefs.map((rounds) => rounds.at(-1) ?? 0.5)
  const asked = new Array<number>(SURE_BELOW.length + 1).fill(0)
  const stopped = [...asked]
  for (const rounds of beliefs)
    for (const [round, belief] of rounds.entries()) {
      if (round === 0) continue
      const at = sureness(belief)
      asked[at] = (asked[at] as number) + 1
      if (round === rounds.length - 1) stopped[at] = (stopped[at] as number) + 1
    }
  return {
    judgments: beliefs.length,
    accuracy: meanOf(last.map((belief) => Number(belief > 0.5))),
    rounds: Array.from({ length: ROUNDS }, (_, round) =>
      beliefsOf(beliefs.flatMap((rounds) => rounds[round + 1] ?? [])),
    ),
    last: beliefsOf(last),
    stops: stopped.map((count, at) => count / (asked[at] as number)),
  }
}

/** Which of `stops` a judge of this belief has. */
export function sureness(belief: number): number {
  const sure = Math.max(belief, 1 - belief)
  const at = SURE_BELOW.findIndex((edge) => sure < edge)
  return at < 0 ? SURE_BELOW.length : at
}

function beliefsOf(beliefs: readonly number[]): Beliefs {
  const squares = beliefs.map((belief) => (belief - 0.5) ** 2)
  return {
    mean: meanOf(beliefs),
    meanError: errorOf(beliefs),
    spread: meanOf(squares),
    spreadError: errorOf(squares),
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function errorOf(values: readonly number[]): number {
  const mean = meanOf(values)
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)) / values.length)
}
