/** What an entry says, as a sentence for people. An action without a line here is told by its name. */

type Body = Readonly<Record<string, unknown>>
type Describe = (who: string, body: Body) => string

const SENTENCES: Readonly<Record<string, Describe>> = {
  'ledger.key_added': (_who, body) => `The server signs with the key ${text(body.keyId)} from here on.`,
  'project.created': (who, body) => `${who} made the project ${text(body.slug)}.`,
  'project.renamed': (who) => `${who} renamed the project.`,
  'key.created': (who, body) => `${who} made an API key for ${list(body.scopes)}.`,
  'key.revoked': (who) => `${who} revoked an API key.`,
  'provider-key.created': (who, body) => `${who} stored a key of the provider ${text(body.provider)}.`,
  'provider-key.revoked': (who) => `${who} removed a provider's key.`,
  'member.invited': (who, body) => `${who} made an invitation link for the role ${text(body.role)}.`,
  'member.joined': (who, body) => `${who} joined as ${text(body.role)}.`,
  'member.changed': (who, body) => `${who} made a member ${text(body.role)}.`,
  'member.removed': (who) => `${who} removed a member from the project.`,
  'member.disabled': (who) => `${who} disabled a member's account.`,
  'member.enabled': (who) => `${who} enabled a member's account again.`,
  'member.reset': (who) => `${who} made a link to set a member's password anew.`,
  'episode-rules.changed': (who) => `${who} changed what is redacted and how long episodes are kept.`,
  'episode.erased': (who, body) => `${who} erased ${count(body, 'episode')}.`,
  'episode.expired': (_who, body) => `Retention erased ${count(body, 'episode')}.`,
  'ladder.changed': (who) => `${who} changed a ladder.`,
  'anchor.proposed': (who) => `${who} proposed a new anchor.`,
  'anchor.declared': (who) => `${who} declared a new anchor.`,
  'release.started': (who) => `${who} started a release.`,
  'release.ended': (who) => `${who} ended a release.`,
  'gate.checked': (_who, body) => `A gate was checked: ${text(body.decision ?? body.verdict)}.`,
  'stage.proposed': (who, body) => `${who} proposed ${stage(body)}.`,
  'stage.approved': (who, body) => `${who} approved ${stage(body)}.`,
  'stage.promoted': (_who, body) => `The release moved up to ${stage(body)}.`,
  'stage.rolled-back': (who, body) => `${who} rolled the release back to ${stage(body)}.`,
  'stage.closed': (_who, body) => `The stage closed; the release is at ${stage(body)}.`,
}

/** `who` is the actor's name, or what kind of actor it is. */
export function describeEntry(
  entry: { readonly action: string; readonly body: unknown },
  who: string,
): string {
  const body = typeof entry.body === 'object' && entry.body !== null ? (entry.body as Body) : {}
  const describe = SENTENCES[entry.action]
  if (describe !== undefined) return describe(who, body)
  // `stage.rolled-back` reads "stage rolled back" even when nobody wrote a sentence for it.
  return `${who}: ${entry.action.replace(/[.\-_]/g, ' ')}.`
}

const text = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : 'unknown')
const list = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(', ') : 'unknown scopes'
const stage = (body: Body): string => text(body.toStage ?? body.stage)

function count(body: Body, noun: string): string {
  const found = body.count ?? (Array.isArray(body.episodeIds) ? body.episodeIds.length : undefined)
  if (typeof found !== 'number') return `an ${noun}`
  return found === 1 ? `1 ${noun}` : `${found} ${noun}s`
}
