/** A project with one of each thing that a project can own. */
import { IssuedLink, Me } from '@leeway/contract/accounts'
import { eq } from 'drizzle-orm'
import { critiqueReveals, writtenClaims } from '../../critiques/tables.ts'
import { holds } from '../../holds/tables.ts'
import type { Project } from '../../http/environment.ts'
import { releases } from '../../releases/tables.ts'
import { insertCriteria } from '../../rubrics/stored-rubrics.ts'
import { splitReveals, splits } from '../../splits/tables.ts'
import { studies, studyConsents } from '../../studies/tables.ts'
import { vettingDraws } from '../../vetting/tables.ts'
import type { TestRequest, TestServer } from '../test-server.ts'
import {
  CLAIM,
  COMMITTED,
  DEBATE,
  JUDGE,
  lines,
  RUBRIC,
  RUBRIC_OF_PAIRS,
  STUDY,
  VALIDITY_ROUND,
} from './bodies.ts'

/** One of each thing that a project can own. */
export type Owned = {
  readonly agent: string
  readonly baseline: string
  readonly candidate: string
  readonly policyId: string
  readonly baselineId: string
  readonly episode: string
  readonly secondEpisode: string
  readonly release: string
  readonly proposal: string
  readonly check: string
  readonly rubric: string
  readonly rater: string
  readonly assignment: string
  readonly debate: string
  readonly study: string
  readonly agentId: string
  readonly pairwise: string
  readonly pair: string
  readonly draw: string
  readonly judge: string
  readonly judgeRun: string
  readonly draft: string
  readonly hold: string
  readonly webhook: string
  readonly incident: string
  readonly planted: string
  readonly validityRound: string
  readonly apiKey: string
  readonly providerKey: string
  readonly userId: string
}

/** Content hashes, and so the same in every project: they name nobody's thing. */
export type Asked = {
  readonly questionSha256: string
  /** Of the question that compares two runs. */
  readonly pairwiseSha256: string
}

/** Fills the project with one of each thing that a project can own, by the routes where there are any. */
export async function fillProject(
  server: TestServer,
  project: Project,
  token: string,
  name: string,
): Promise<{ readonly owned: Owned; readonly asked: Asked }> {
  const call = async (path: string, request: TestRequest = {}) => {
    const answer = await server.request(`/api/projects/${project.slug}${path}`, { token, ...request })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
    return text
  }
  const [agent, baseline, candidate] = [`${name}-desk`, `${name}-old`, `${name}-new`]
  for (const [policy, succeeded] of [
    [baseline, (number: number) => number % 2 === 0],
    [candidate, () => true],
  ] as const)
    await call(`/episodes/import?agent=${agent}&policy=${policy}`, {
      method: 'POST',
      body: lines(80, succeeded),
      headers: { 'content-type': 'application/octet-stream' },
    })
  const { id: release } = JSON.parse(await call('/releases', { json: { agent, baseline, candidate } })) as {
    readonly id: string
  }
  const contract = { agent, baseline, tools: [], reason: 'to be shown' }
  await call('/contracts', { json: contract })
  const proposal = JSON.parse(
    await call('/contracts/proposals', { json: { ...contract, approver: `${name} Ada` } }),
  ) as { id: string }
  const view = JSON.parse(await call(`/releases/${release}`)) as Record<string, unknown>
  const checks = JSON.stringify(view).match(/"checkId":"([0-9a-f-]{36})"/)?.[1]
  const policyList = JSON.parse(await call('/policies')) as { items: { id: string; name: string }[] }
  const episodeList = JSON.parse(await call('/episodes')) as { items: { id: string }[] }
  const saved = JSON.parse(await call('/rubrics', { json: { agent, source: RUBRIC } })) as { id: string }
  await call('/review/questions', {
    json: { rubric: saved.id, criteria: ['root'], episodes: [episodeList.items[0]?.id] },
  })
  const { question } = JSON.parse(await call('/review/next', { json: { mode: 'focus' } })) as {
    question: { assignmentId: string } | null
  }
  const judge = JSON.parse(await call('/judges', { json: { ...JUDGE, name: `${name} judge` } })) as {
    id: string
  }
  await call('/supervisors', {
    json: {
      rater: judge.id,
      policy: policyList.items.find((policy) => policy.name === candidate)?.id,
      roles: ['rater', 'debater'],
      reason: 'it runs this policy',
    },
  })
  const judgeRun = JSON.parse(
    await call('/judges/runs', { json: { judge: judge.id, rubric: saved.id, episodesMax: 1 } }),
  ) as { id: string }
  const draft = JSON.parse(
    await call('/rubrics/drafts', { json: { judge: judge.id, instruction: 'Be kind.' } }),
  ) as { id: string }
  const shown = JSON.parse(await call(`/rubrics/${saved.id}`)) as {
    nodes: { criterion: { sha256: string } | null }[]
  }
  const questionSha256 = shown.nodes[0]?.criterion?.sha256 ?? ''
  await call(`/rubrics/${saved.id}/apply`, { json: {} })
  const debate = JSON.parse(
    await call('/debates', { json: { ...DEBATE, rubric: saved.id, episode: episodeList.items[0]?.id } }),
  ) as { id: string }
  await call(`/review/debates/${debate.id}/seat`, { json: { seat: 'judge' } })
  const pairwise = JSON.parse(await call('/rubrics', { json: { agent, source: RUBRIC_OF_PAIRS } })) as {
    id: string
  }
  const ofPairs = JSON.parse(await call(`/rubrics/${pairwise.id}`)) as typeof shown
  const pairwiseSha256 = ofPairs.nodes[0]?.criterion?.sha256 ?? ''
  const comparing = { rubric: pairwise.id, criterion: 'root', policies: [baseline, candidate], pairs: 3 }
  await call('/comparisons', { json: comparing })
  const nextPair = async () =>
    (
      JSON.parse(await call('/review/comparisons/next', { json: {} })) as {
        comparison: { pairId: string } | null
      }
    ).comparison?.pairId ?? ''
  await call(`/review/comparisons/${await nextPair()}/answer`, {
    json: { ...COMMITTED, commitKey: '01900000-0000-4000-8000-000000000003' },
  })
  const pair = await nextPair()
  const agentList = JSON.parse(await call('/agents')) as { items: { id: string; name: string }[] }
  const raterList = JSON.parse(await call('/raters')) as { items: { id: string; kind: string }[] }
  const validity = JSON.parse(await call('/validity-rounds', { json: VALIDITY_ROUND })) as {
    rounds: readonly { readonly id: string }[]
  }
  const apiKey = JSON.parse(await call('/keys', { json: { name: `${name} key`, scopes: ['read'] } })) as {
    id: string
  }
  const providerKey = JSON.parse(
    await call('/provider-keys', { json: { provider: 'openai', name: `${name} provider`, secret: 's' } }),
  ) as { id: string }
  const { webhook } = JSON.parse(
    await call('/webhooks', { json: { url: `https://hooks.example.org/${name}`, events: ['hold.opened'] } }),
  ) as { webhook: { id: string } }
  const incident = JSON.parse(
    await call('/incidents', {
      json: { episode: episodeList.items[2]?.id, severity: 'minor', reason: 'to be shown' },
    }),
  ) as { id: string }
  const owned = {
    agent,
    baseline,
    candidate,
    policyId: policyList.items.find((policy) => policy.name === candidate)?.id ?? '',
    baselineId: policyList.items.find((policy) => policy.name === baseline)?.id ?? '',
    episode: episodeList.items[0]?.id ?? '',
    secondEpisode: episodeList.items[1]?.id ?? '',
    release,
    proposal: proposal.id,
    check: checks ?? '',
    rubric: saved.id,
    rater: raterList.items[0]?.id ?? '',
    assignment: question?.assignmentId ?? '',
    debate: debate.id,
    agentId: agentList.items.find((one) => one.name === agent)?.id ?? '',
    pairwise: pairwise.id,
    pair,
    study: await studied(server, project, raterList.items, { rubricId: saved.id, questionSha256 }),
    draw: await drawn(server, project, call, raterList.items, {
      questionSha256,
      episode: episodeList.items[0]?.id ?? '',
      assignment: question?.assignmentId ?? '',
    }),
    judge: judge.id,
    judgeRun: judgeRun.id,
    draft: draft.id,
    hold: await held(server, project, release),
    webhook: webhook.id,
    incident: incident.id,
    planted: await planted(
      call,
      saved.id,
      episodeList.items.map(({ id }) => id),
    ),
    validityRound: validity.rounds[0]?.id ?? '',
    apiKey: apiKey.id,
    providerKey: providerKey.id,
    userId: await join(server, project.slug, token, `${name}@example.org`),
  }
  return { owned, asked: { questionSha256, pairwiseSha256 } }
}

/** A copy of one of the episodes, with a fault. */
async function planted(
  call: (path: string, request: TestRequest) => Promise<string>,
  rubric: string,
  episodes: readonly string[],
): Promise<string> {
  const fault = { rubric, criterion: 'root', operator: 'invent-fact', value: 'no', episodes }
  const made = JSON.parse(await call('/planted-faults', { json: fault })) as {
    planted: readonly { readonly id: string }[]
  }
  return made.planted[0]?.id ?? ''
}

/** Calls that wait for a person. */
async function held({ effects }: TestServer, { id: projectId }: Project, releaseId: string): Promise<string> {
  const [id, turnId, askedAt] = [effects.newId(), effects.newId(), effects.now()]
  const [release] = await effects.db.select().from(releases).where(eq(releases.id, releaseId))
  if (release === undefined) throw new Error('no release')
  await effects.db.insert(holds).values({
    projectId,
    id,
    turnId,
    agentId: release.agentId,
    policyId: release.baselinePolicyId,
    place: 'gateway',
    conversation: 'one',
    contractVersion: 1,
    binding: '',
    tools: ['refund'],
    stakes: 'costly',
    probability: 1,
    askedAt,
    expiresAt: new Date(askedAt.getTime() + 60_000),
  })
  return id
}

/** A study that the one who asks takes part in. */
async function studied(
  { effects }: TestServer,
  { id: projectId }: Project,
  raterList: readonly { readonly id: string; readonly kind: string }[],
  { rubricId, questionSha256 }: { readonly rubricId: string; readonly questionSha256: string },
): Promise<string> {
  const [studyId, at] = [effects.newId(), effects.now()]
  const raterId = raterList.find(({ kind }) => kind === 'human')?.id ?? ''
  const { criterion: _, ...design } = STUDY
  await effects.db.insert(studies).values({
    ...design,
    projectId,
    id: studyId,
    rubricId,
    criterionSha256: questionSha256,
    sha256: '0',
    seed: '0',
    actor: 'test',
    at,
  })
  await effects.db.insert(studyConsents).values({ projectId, studyId, raterId, at })
  return studyId
}

/** A question of a round, drawn for the one who asks, who has been shown a critique too, and has written a claim by the same id. */
async function drawn(
  { effects }: TestServer,
  { id: projectId }: Project,
  call: (path: string, request: TestRequest) => Promise<string>,
  raterList: readonly { readonly id: string; readonly kind: string }[],
  {
    episode,
    assignment,
    questionSha256,
  }: { readonly episode: string; readonly assignment: string; readonly questionSha256: string },
): Promise<string> {
  const raterId = raterList.find(({ kind }) => kind === 'human')?.id ?? ''
  await call('/vetting', { json: { roundQuestions: 0, hiddenShare: 0 } })
  await call('/gold', { json: { episode, criterionSha256: questionSha256, value: 'yes' } })
  const id = effects.newId()
  await effects.db.insert(vettingDraws).values({
    projectId,
    raterId,
    id,
    kind: 'round',
    episodeId: episode,
    criterionSha256: questionSha256,
    at: effects.now(),
  })
  await effects.db.insert(critiqueReveals).values({
    projectId,
    raterId,
    assignmentId: assignment,
    ratingId: effects.newId(),
    arm: 'critique',
    claims: [{ ...CLAIM, planted: false, source: id }],
    at: effects.now(),
  })
  const part = { sha256: 'f'.repeat(64), question: 'Was it polite?', guidance: '', good: 'yes' as const }
  const scale = { kind: 'yes-no', good: part.good }
  const definition = { id: 'part-1', question: part.question, guidance: '', scale, answeredBy: ['human'] }
  await insertCriteria(effects.db, [{ projectId, sha256: part.sha256, definition, createdAt: effects.now() }])
  const split = { projectId, id: effects.newId(), criterionSha256: questionSha256, rubricId: id, rule: 'all' }
  await effects.db.insert(splits).values({
    ...split,
    parts: [part.sha256],
    answersWanted: 1,
    plan: {},
    actor: 'test',
    at: effects.now(),
  })
  await effects.db.insert(splitReveals).values({
    projectId,
    raterId,
    assignmentId: assignment,
    ratingId: effects.newId(),
    splitId: split.id,
    episodeId: episode,
    arm: 'decomposition',
    share: 1,
    parts: [{ ...part, own: null, answers: [] }],
    at: effects.now(),
  })
  await effects.db.insert(writtenClaims).values({
    projectId,
    raterId,
    id,
    episodeId: episode,
    criterionSha256: questionSha256,
    claim: CLAIM,
    at: effects.now(),
  })
  return id
}

async function join(server: TestServer, slug: string, token: string, email: string): Promise<string> {
  const link = IssuedLink.parse(
    await (
      await server.request(`/api/projects/${slug}/members/invite`, { token, json: { role: 'auditor' } })
    ).json(),
  )
  const joined = await server.request('/api/links/redeem', {
    json: { token: link.url.split('#')[1], password: 'correct horse battery', email, name: email },
  })
  Me.parse(await joined.json())
  const members = await server.request(`/api/projects/${slug}/members`, { token })
  const { items } = (await members.json()) as { items: { userId: string; email: string }[] }
  return items.find((member) => member.email === email)?.userId ?? ''
}
