/**
 * One voice a family: what raters who share weights said of an item, told once. Copies of a model err together, so that three of
 * them are no three witnesses; people are a voice each.
 *
 * Output      of each voice and item one answer: the one that most of its members gave; of equally many, that of the member with the
 *             most answers in all. `divided`: its members differ there. In the order in which the first of them spoke.
 * Assumes     nothing of how alike the members are: where they are not, what the others would have added is lost.
 * Degenerate  a voice of one member says what it says. No answers: none.
 * Cost        O(answers).
 */
export type VoiceOf<Answer> = (answer: Answer) => {
  readonly item: string
  readonly voice: string
  readonly rater: string
  /** Equal for equal answers. */
  readonly said: string
}

export type Voiced<Answer> = {
  /** Of the member that speaks for all. */
  readonly answer: Answer
  readonly voice: string
  readonly divided: boolean
}

export function oneVoiceEach<Answer>(
  answers: readonly Answer[],
  read: VoiceOf<Answer>,
): readonly Voiced<Answer>[] {
  const given = new Map<string, number>()
  const places = new Map<string, Map<string, Answer[]>>()
  for (const answer of answers) {
    const { item, voice, rater } = read(answer)
    given.set(rater, (given.get(rater) ?? 0) + 1)
    const voices = places.get(item) ?? new Map<string, Answer[]>()
    places.set(item, voices)
    const own = voices.get(voice)
    if (own) own.push(answer)
    else voices.set(voice, [answer])
  }
  return [...places.values()].flatMap((voices) =>
    [...voices].map(([voice, own]) => {
      const counts = new Map<string, number>()
      for (const answer of own) {
        const { said } = read(answer)
        counts.set(said, (counts.get(said) ?? 0) + 1)
      }
      const weight = (answer: Answer) => {
        const { said, rater } = read(answer)
        return { members: counts.get(said) ?? 0, given: given.get(rater) ?? 0, rater }
      }
      return {
        answer: own.reduce((best, one) => (goesBefore(weight(one), weight(best)) ? one : best)),
        voice,
        divided: counts.size > 1,
      }
    }),
  )
}

type Weight = { readonly members: number; readonly given: number; readonly rater: string }

function goesBefore(one: Weight, other: Weight): boolean {
  if (one.members !== other.members) return one.members > other.members
  if (one.given !== other.given) return one.given > other.given
  return one.rater < other.rater
}
