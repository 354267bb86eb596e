/** What an entry says, as a sentence for people. An action without a line here is told by its name. */

type Body = Readonly<Record<string, unknown>>
type Told = {
  /** The actor's name, or what kind of actor it is. */
  readonly who: string
  readonly body: Body
  /** Name of the thing whose id stands in this field of the body. */
  readonly name: (field: string) => string
}

const SENTENCES: Readonly<Record<string, (told: Told) => string>> = {
  'ledger.key_added': ({ body }) => `The server signs with the key ${text(body.keyId)} from here on.`,
  'project.created': ({ who, body }) => `${who} made the project ${text(body.slug)}.`,
  'project.renamed': ({ who }) => `${who} renamed the project.`,
  'key.created': ({ who, body }) => `${who} made an API key for ${list(body.scopes)}.`,
  'key.revoked': ({ who }) => `${who} revoked an API key.`,
  'provider-key.created': ({ who, body }) => `${who} stored a key of the provider ${text(body.provider)}.`,
  'provider-key.revoked': ({ who }) => `${who} removed a key of a model provider.`,
  'member.invited': ({ who, body }) => `${who} made an invitation link for the role ${text(body.role)}.`,
  'member.joined': ({ who, body }) => `${who} joined as ${text(body.role)}.`,
  'member.changed': ({ who, body, name }) => `${who} made ${name('userId')} ${text(body.role)}.`,
  'member.removed': ({ who, name }) => `${who} removed ${name('userId')} from the project.`,
  'member.disabled': ({ who, name }) => `${who} disabled the account of ${name('userId')}.`,
  'member.enabled': ({ who, name }) => `${who} enabled the account of ${name('userId')} again.`,
  'member.reset': ({ who, name }) => `${who} made a link to set the password of ${name('userId')} anew.`,
  'episode-rules.changed': ({ who, body }) =>
    `${who} changed the rules of episodes: ${count(body.redactionRules, 'redaction rule')}, ${retention(body.retentionDays)}.`,
  'episode.erased': ({ who }) => `${who} erased an episode.`,
  'episode.expired': ({ body }) =>
    `Retention erased the text of ${count(body.episodes, 'episode')} older than ${count(body.retentionDays, 'day')}.`,
  'ladder.changed': ({ who, name }) => `${who} changed the ladder of ${name('agent')}.`,
  'rubric.saved': ({ who, name, body }) =>
    `${who} saved version ${text(body.version)} of a rubric of ${name('agent')}.`,
  'rubric-draft.ordered': ({ who }) => `${who} had a model draft a rubric from an instruction.`,
  'judge.declared': ({ who, body }) => `${who} declared the model ${text(body.model)} a rater.`,
  'judge-run.started': ({ who, body }) =>
    `${who} had a model rater answer questions about ${count(body.episodes, 'episode')}.`,
  'supervisor.registered': ({ who, name, body }) =>
    Array.isArray(body.roles) && body.roles.length > 0
      ? `${who} registered ${name('rater')}, which runs ${name('policy')}, as ${body.roles.join(', ')}.`
      : `${who} took back that ${name('rater')} supervises.`,
  'spend-limit.set': ({ who, body }) =>
    `${who} set the most that models may cost a day to ${text(body.usdPerDay)} US dollars.`,
  'rater.tier_set': ({ who, name, body }) => `${who} made ${name('rater')} ${text(body.tier)}.`,
  'rater.conflict_set': ({ who, name, body }) =>
    body.excluded === true
      ? `${who} said that ${name('rater')} may not judge ${name('agent')}.`
      : `${who} said that ${name('rater')} may judge ${name('agent')} again.`,
  'vetting.rules_set': ({ who, body }) =>
    `${who} set how raters are vetted: right on more than ${percent(body.bar)}, ${count(body.roundQuestions, 'question')} before the first, ${percent(body.hiddenShare)} of the others known.`,
  'planted_requests.share_set': ({ who, body }) =>
    `${who} set that a planted request follows ${percent(body.share)} of the decisions about held calls.`,
  'critiques.rules_set': ({ who, body }) =>
    `${who} set that a critique follows ${percent(body.share)} of the answers where there is one.`,
  'splits.rules_set': ({ who, body }) =>
    `${who} set that parts of a question are shown after ${percent(body.share)} of the first answers, and that one question may want ${count(body.answersMax, 'answer')} and $${text(body.usdMax)} for them.`,
  'split.saved': ({ who, body }) =>
    Array.isArray(body.parts) && body.parts.length > 0
      ? `${who} split a question into ${body.parts.length} parts.`
      : `${who} ended the split of a question.`,
  'study.set_up': ({ who, body }) =>
    `${who} fixed a study of ${body.raters} raters and ${body.items} items before its first answer.`,
  'study.stopped': ({ who, body }) =>
    `${who} stopped a study after ${body.answers} of ${body.planned} answers: ${body.reason}`,
  'debate.set_up': ({ who, body }) =>
    `${who} set up a ${body.kind === 'consultancy' ? 'consultancy' : 'debate'} of at most ${body.rounds} rounds about a question.`,
  'comparisons.asked': ({ who, name, body }) =>
    `${who} asked for ${count(body.pairs, 'pair')} of runs of ${name('agent')} to be compared.`,
  'comparisons.known_added': ({ who, name }) =>
    `${who} put a pair of runs of ${name('agent')} whose better one is known among those to compare.`,
  'critique.planted': ({ who }) => `${who} planted a false claim, to see who believes it.`,
  'faults.planted': ({ who, body }) =>
    `${who} planted a fault in copies of ${count(body.copies, 'episode')}.`,
  'faults.reviewed': ({ who, body }) =>
    `${who} looked at a planted fault and ${body.accepted === true ? 'accepted' : 'rejected'} it.`,
  'validity.opened': ({ who, body }) =>
    `${who} opened a round in which people say which faults were planted, of ${count(body.questions, 'fault')} each.`,
  'validity.ended': ({ who }) => `${who} ended a round in which people say which faults were planted.`,
  'adjudication.decided': ({ who }) => `${who} decided a question on which people disagreed.`,
  'adjudication.taken-back': ({ who }) => `${who} took back a decision on which people disagreed.`,
  'ratings.imported': ({ who, name, body }) =>
    `${who} imported ${count(body.added, 'rating')} of episodes of ${name('agent')}.`,
  'questions.asked': ({ who, name, body }) =>
    `${who} asked ${count(body.criteria, 'question')} about ${count(body.episodes, 'episode')} of ${name('agent')}.`,
  'gold.set': ({ who }) => `${who} recorded a known answer.`,
  'gold.retired': ({ who, body }) =>
    body.kind === 'leaked'
      ? `${who} retired a known answer that has leaked.`
      : `${who} retired a known answer that most people have met.`,
  'anchor.proposed': ({ who, name }) =>
    `${who} proposed ${name('policy')} as the anchor of ${name('agent')}.`,
  'anchor.declared': ({ who, name }) => `${who} declared ${name('policy')} the anchor of ${name('agent')}.`,
  'release.started': ({ who, name, body }) =>
    `${who} started a release of ${name('candidate')} against ${name('baseline')}, at ${text(body.toStage)}.`,
  'promotion.proposed': ({ name, body }) =>
    `The evidence is enough to move ${name('candidate')} from ${text(body.fromStage)} to ${text(body.toStage)}; it waits for approval.`,
  'promotion.withdrawn': ({ name, body }) =>
    `The proposal to move ${name('candidate')} to ${text(body.toStage)} was withdrawn.`,
  'promotion.approved': ({ who, name, body }) =>
    `${who} approved ${text(body.toStage)} for ${name('candidate')}.`,
  'stage.promoted': ({ name, body }) => `${name('candidate')} moved up to ${text(body.toStage)}.`,
  'release.rolled-back': ({ who, name, body }) =>
    typeof body.toStage === 'string'
      ? `${who} rolled ${name('candidate')} back from ${text(body.fromStage)} to ${body.toStage}.`
      : `${who} rolled ${name('candidate')} back: it left ${text(body.fromStage)}, and the release ended.`,
  'incident.reported': ({ who, name, body }) =>
    `${who} reported a ${text(body.severity)} incident of ${name('policy')}.`,
  'incident.closed': ({ who }) => `${who} closed an incident.`,
  'stage.closed': ({ name, body }) =>
    `${text(body.fromStage)} closed; ${name('candidate')} is at ${text(body.toStage)}.`,
  'watch.started': ({ name, body }) =>
    `${name('policy')} is watched from here on: it promised to fail at no more than ${percent(body.promisedRate)}.`,
  'watch.alarmed': ({ name, body }) =>
    `${name('policy')} fails more often than the ${percent(body.promisedRate)} it promised, as far as the detector can say.`,
  'release.completed': ({ name }) => `${name('candidate')} finished its climb.`,
}

/** `names`: by id, what people, policies and agents are called; an id without a name is told by its kind. */
export function describeEntry(
  entry: { readonly action: string; readonly body: unknown },
  who: string,
  names: ReadonlyMap<string, string> = new Map(),
): string {
  const body = bodyOf(entry)
  const name = (field: string) => names.get(String(body[field])) ?? KINDS[field] ?? `a ${field}`
  const sentence =
    SENTENCES[entry.action]?.({ who, body, name }) ??
    // `run.halted` reads "run halted" even when nobody wrote a sentence for it.
    `${who}: ${entry.action.replace(/[.\-_]/g, ' ')}.`
  // A name at the start stays as it is written; our own words start with a capital.
  return sentence.startsWith('the ') || sentence.startsWith('a ')
    ? sentence.charAt(0).toUpperCase() + sentence.slice(1)
    : sentence
}

/** Ids in an entry that a sentence would rather say by name. */
export function namedIds(entry: { readonly body: unknown }): readonly string[] {
  const body = bodyOf(entry)
  return Object.keys(KINDS).flatMap((field) => (typeof body[field] === 'string' ? [body[field]] : []))
}

const KINDS: Readonly<Record<string, string>> = {
  userId: 'a member',
  policy: 'a policy',
  candidate: 'the candidate',
  baseline: 'the baseline',
  agent: 'an agent',
  rater: 'a rater',
}

function bodyOf({ body }: { readonly body: unknown }): Body {
  return typeof body === 'object' && body !== null ? (body as Body) : {}
}

const text = (value: unknown): string =>
  typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : 'unknown'
const list = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(', ') : 'unknown scopes'

function count(value: unknown, noun: string): string {
  if (typeof value !== 'number') return `some ${noun}s`
  return value === 1 ? `1 ${noun}` : `${value} ${noun}s`
}

const percent = (value: unknown): string =>
  typeof value === 'number' ? `${Math.round(100 * value)} %` : 'an unknown share'

function retention(days: unknown): string {
  return typeof days === 'number' ? `kept ${count(days, 'day')}` : 'kept until somebody erases them'
}
