/**
 * Another project's real ids, on every route under a project. The stranger is let into its own project with every scope
 * and asks there for what belongs to the other one. A route that is not in `VISITS` fails the walk, so that nobody adds
 * one without saying what it must answer.
 */
import { IssuedLink, Me } from '@leeway/contract/accounts'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { critiqueReveals, writtenClaims } from '../critiques/tables.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { holds } from '../holds/tables.ts'
import { createProject } from '../projects/create-project.ts'
import { releases } from '../releases/tables.ts'
import { insertCriteria } from '../rubrics/stored-rubrics.ts'
import { splitReveals, splits } from '../splits/tables.ts'
import { studies, studyConsents } from '../studies/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { type TestRequest, testServer } from '../testing/test-server.ts'
import { vettingDraws } from '../vetting/tables.ts'
import { createApp } from './app.ts'
import { type Project, SCOPES } from './environment.ts'

const database = await testDatabase()
const server = await testServer(database.db)
afterAll(async () => {
  await server.close()
  await database.close()
})

/** One of each thing that a project can own. */
type Owned = {
  readonly agent: string
  readonly baseline: string
  readonly candidate: string
  readonly policyId: string
  readonly baselineId: string
  readonly episode: string
  readonly secondEpisode: string
  readonly release: string
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
  readonly planted: string
  readonly validityRound: string
  readonly apiKey: string
  readonly providerKey: string
  readonly userId: string
}

type Visit = {
  readonly path: string
  readonly json?: unknown
  readonly body?: Uint8Array<ArrayBuffer>
  /** 'refused': it names a thing of the other project. 'own': it names none, and its answer must hold none. */
  readonly answer: 'refused' | 'own'
  /** Refused to every key, the owner's too. */
  readonly peopleOnly?: true
}

const ANSWER = {
  commitKey: '01900000-0000-4000-8000-000000000001',
  answer: { kind: 'answered', value: 'yes' },
  startedAt: '2026-01-15T09:00:00.000Z',
}
const CLAIM = { text: 'It never asked.', severity: 'major', step: 0, quote: 'words that nobody said' }
const RATING = {
  criterion: 'root',
  rater: 'Eve',
  answer: { kind: 'answered', value: 'yes' },
  sourceKey: 'eve-1',
}

const lines = (count: number, succeeded: (number: number) => boolean) =>
  new Uint8Array(
    Buffer.from(
      Array.from({ length: count }, (_, number) =>
        episodeLine(
          sampleEpisode(number, {
            // Long enough for a fault to be planted in it.
            steps: [
              sampleStep(0),
              // Where only one policy succeeded, the two runs differ, and can be compared.
              sampleStep(1, {
                content: `Your order has left us, and all of it is as you ${succeeded(number) ? 'wished' : 'wish'}.`,
              }),
            ],
            outcome: { success: succeeded(number) ? 1 : 0, severe: false, detail: null },
          }),
        ),
      ).join('\n'),
    ),
  )

const RUBRIC = `name: followed
question: Did the agent follow the instructions in this episode?
answeredBy: [human, model]
combine: all
children:
  - id: short
    question: Was it short?
    check: { kind: steps, max: 100 }
`

const RUBRIC_OF_PAIRS = `name: better
question: Which run is better?
scale: pairwise
answeredBy: [human, model]
`

const STUDY = {
  name: 'A study',
  question: 'What do debates do to answers?',
  criterion: 'root',
  arms: ['unaided', 'debate'],
  raters: 2,
  itemsPerRater: 5,
  consent: 'Your answers are stored and analysed.',
  expected: { control: 0.6, difference: 0.1 },
}
const SPLIT = { parts: [{ question: 'Was it polite?' }, { question: 'Was it right?' }] }
const VALIDITY_ROUND = { consent: 'Your guesses are stored and analysed.' }
const DEBATE = { criterion: 'root', speakers: [null, null] }

/** Nobody listens there; nothing is asked without the loop of a server. */
const JUDGE = {
  provider: 'openai-compatible',
  model: 'm',
  baseUrl: 'http://127.0.0.1:9/v1',
  usdPerMillion: { input: 0, output: 0 },
}

/** A content hash, and so the same in both projects: it names nobody's thing. */
let questionSha256 = ''

/** The same of the question that compares two runs. */
let pairwiseSha256 = ''
const COMMITTED = { ...ANSWER, answer: { kind: 'answered', value: 'left' } }

/** What each route is asked, given the other project's things and the stranger's own. */
const VISITS: Readonly<Record<string, (theirs: Owned, own: Owned) => readonly Visit[]>> = {
  'GET ': () => [{ path: '', answer: 'own' }],
  'PATCH ': () => [{ path: '', json: { name: 'Mine' }, answer: 'own' }],
  'GET /overview': () => [{ path: '/overview', answer: 'own' }],
  'GET /agents': () => [{ path: '/agents', answer: 'own' }],
  // Before its episode is erased below.
  'POST /comparisons/known': ({ pairwise, episode, secondEpisode }, own) => [
    {
      path: '/comparisons/known',
      json: { rubric: pairwise, criterion: 'root', better: episode, worse: secondEpisode },
      answer: 'refused',
    },
    {
      path: '/comparisons/known',
      json: { rubric: own.pairwise, criterion: 'root', better: own.episode, worse: episode },
      answer: 'refused',
    },
  ],
  'POST /critiques/planted': ({ episode }) => [
    {
      path: '/critiques/planted',
      json: { ...CLAIM, episode, criterionSha256: questionSha256 },
      answer: 'refused',
    },
  ],
  'GET /comparisons': () => [{ path: '/comparisons', answer: 'own' }],
  'POST /comparisons': ({ pairwise, baseline, candidate, judge }, own) => [
    {
      path: '/comparisons',
      json: { rubric: pairwise, criterion: 'root', policies: [own.baseline, own.candidate] },
      answer: 'refused',
    },
    {
      path: '/comparisons',
      json: { rubric: own.pairwise, criterion: 'root', policies: [baseline, candidate] },
      answer: 'refused',
    },
    {
      path: '/comparisons',
      json: {
        rubric: own.pairwise,
        criterion: 'root',
        policies: [own.baseline, own.candidate],
        judges: [judge],
      },
      answer: 'refused',
    },
  ],
  'GET /comparisons/{agent}/{criterion}': ({ agentId }) => [
    { path: `/comparisons/${agentId}/${pairwiseSha256}`, answer: 'refused' },
  ],
  'GET /comparisons/{agent}/{criterion}/answers': ({ agentId }) => [
    { path: `/comparisons/${agentId}/${pairwiseSha256}/answers`, answer: 'refused' },
  ],
  'GET /comparisons/{agent}/{criterion}/preferences': ({ agentId }) => [
    { path: `/comparisons/${agentId}/${pairwiseSha256}/preferences`, answer: 'refused' },
  ],
  'GET /review/comparisons': () => [{ path: '/review/comparisons', answer: 'own' }],
  'POST /review/comparisons/next': () => [{ path: '/review/comparisons/next', json: {}, answer: 'own' }],
  'POST /review/comparisons/undo': () => [
    {
      path: '/review/comparisons/undo',
      json: { commitKey: '01900000-0000-4000-8000-000000000002' },
      answer: 'own',
    },
  ],
  'POST /review/comparisons/{pair}/answer': ({ pair }) => [
    { path: `/review/comparisons/${pair}/answer`, json: COMMITTED, answer: 'refused' },
  ],
  'GET /critiques/written/{episode}': ({ episode }) => [
    { path: `/critiques/written/${episode}`, answer: 'refused' },
  ],
  'POST /critiques/written': ({ episode }) => [
    {
      path: '/critiques/written',
      json: { ...CLAIM, episode, criterionSha256: questionSha256 },
      answer: 'refused',
    },
  ],
  'POST /debates': ({ rubric, episode, judge }, own) => [
    { path: '/debates', json: { ...DEBATE, rubric, episode: own.episode }, answer: 'refused' },
    { path: '/debates', json: { ...DEBATE, rubric: own.rubric, episode }, answer: 'refused' },
    {
      path: '/debates',
      json: { ...DEBATE, rubric: own.rubric, episode: own.episode, judge },
      answer: 'refused',
    },
  ],
  'POST /gold': ({ episode }) => [
    { path: '/gold', json: { episode, criterionSha256: questionSha256, value: 'yes' }, answer: 'refused' },
  ],
  'GET /episodes/{episode}/reward': ({ episode }) => [
    { path: `/episodes/${episode}/reward`, answer: 'refused' },
  ],
  'GET /episodes/{episode}/coverage': ({ episode, rubric }, own) => [
    { path: `/episodes/${episode}/coverage`, answer: 'refused' },
    { path: `/episodes/${own.episode}/coverage?rubric=${rubric}`, answer: 'refused' },
  ],
  'GET /policies': () => [{ path: '/policies', answer: 'own' }],
  'POST /policies': ({ agent, candidate }) => [
    { path: '/policies', json: { agent: `${agent}-copy`, name: candidate, config: {} }, answer: 'own' },
  ],
  'GET /members': () => [{ path: '/members', answer: 'own' }],
  'POST /members/invite': () => [{ path: '/members/invite', json: { role: 'rater' }, answer: 'own' }],
  'PATCH /members/{userId}': ({ userId }) => [
    { path: `/members/${userId}`, json: { role: 'rater' }, answer: 'refused' },
  ],
  'POST /members/{userId}/reset': ({ userId }) => [
    { path: `/members/${userId}/reset`, json: {}, answer: 'refused' },
  ],
  'DELETE /members/{userId}': ({ userId }) => [{ path: `/members/${userId}`, answer: 'refused' }],
  'GET /keys': () => [{ path: '/keys', answer: 'own' }],
  'POST /keys': () => [{ path: '/keys', json: { name: 'mine', scopes: ['read'] }, answer: 'own' }],
  'DELETE /keys/{keyId}': ({ apiKey }) => [{ path: `/keys/${apiKey}`, answer: 'refused' }],
  'POST /judges': ({ providerKey }) => [
    { path: '/judges', json: { ...JUDGE, name: 'mine', providerKeyId: providerKey }, answer: 'refused' },
  ],
  'POST /gateway/upstreams': ({ providerKey }) => [
    {
      path: '/gateway/upstreams',
      json: { name: 'mine', baseUrl: 'http://127.0.0.1:9/v1', providerKeyId: providerKey },
      answer: 'refused',
    },
  ],
  'POST /mcp/servers': ({ providerKey }) => [
    {
      path: '/mcp/servers',
      json: { name: 'mine', url: 'http://127.0.0.1:9/mcp', providerKeyId: providerKey },
      answer: 'refused',
    },
  ],
  'GET /provider-keys': () => [{ path: '/provider-keys', answer: 'own' }],
  'POST /provider-keys': () => [
    { path: '/provider-keys', json: { provider: 'openai', name: 'mine', secret: 's' }, answer: 'own' },
  ],
  'DELETE /provider-keys/{keyId}': ({ providerKey }) => [
    { path: `/provider-keys/${providerKey}`, answer: 'refused' },
  ],
  'GET /ledger': ({ userId }) => [
    { path: '/ledger?limit=200', answer: 'own' },
    { path: `/ledger?actor=person:${userId}`, answer: 'own' },
  ],
  'GET /metrics': () => [{ path: '/metrics', answer: 'own' }],
  'GET /ledger/head': () => [{ path: '/ledger/head', answer: 'own' }],
  'GET /ledger/verify': () => [{ path: '/ledger/verify', answer: 'own' }],
  'GET /ledger/export': () => [{ path: '/ledger/export', answer: 'own' }],
  'GET /episodes': ({ agent }) => [
    { path: '/episodes?limit=200', answer: 'own' },
    { path: `/episodes?agent=${agent}`, answer: 'own' },
  ],
  'GET /episodes/{episode}': ({ episode }) => [{ path: `/episodes/${episode}`, answer: 'refused' }],
  'GET /episodes/{episode}/steps': ({ episode }) => [
    { path: `/episodes/${episode}/steps`, answer: 'refused' },
  ],
  'GET /episodes/{episode}/steps/bodies': ({ episode }) => [
    { path: `/episodes/${episode}/steps/bodies`, answer: 'refused' },
  ],
  'POST /episodes/{episode}/erase': ({ episode }) => [
    { path: `/episodes/${episode}/erase`, json: { reason: 'not mine' }, answer: 'refused' },
  ],
  'GET /episode-rules': () => [{ path: '/episode-rules', answer: 'own' }],
  'PUT /episode-rules': () => [
    { path: '/episode-rules', json: { redaction: [], retentionDays: 30 }, answer: 'own' },
  ],
  'POST /episodes/import': ({ policyId, agent }) => [
    { path: `/episodes/import?policyId=${policyId}`, body: lines(2, () => true), answer: 'refused' },
    { path: `/episodes/import?agent=${agent}-copy&policy=p`, body: lines(2, () => true), answer: 'own' },
  ],
  'POST /episodes/import/preview': () => [
    { path: '/episodes/import/preview', body: lines(2, () => true), answer: 'own' },
  ],
  'GET /releases': ({ agent }) => [
    { path: '/releases?limit=200', answer: 'own' },
    { path: `/releases?agent=${agent}`, answer: 'own' },
  ],
  'POST /releases': ({ agent, baseline, candidate, judge }, own) => [
    { path: '/releases', json: { agent, baseline, candidate, unitSource: 'stream' }, answer: 'refused' },
    {
      path: '/releases',
      json: { agent: own.agent, baseline, candidate, unitSource: 'stream' },
      answer: 'refused',
    },
    {
      path: '/releases',
      json: {
        agent: own.agent,
        baseline: own.candidate,
        candidate: own.baseline,
        unitSource: 'stream',
        truth: { kind: 'criterion', rubric: own.rubric },
        supervisor: { rater: judge, reason: 'not mine' },
      },
      answer: 'refused',
    },
  ],
  'GET /releases/{release}': ({ release }) => [{ path: `/releases/${release}`, answer: 'refused' }],
  'GET /releases/{release}/chain': ({ release }) => [
    { path: `/releases/${release}/chain`, answer: 'refused' },
  ],
  'GET /releases/{release}/pairs': ({ release }) => [
    { path: `/releases/${release}/pairs`, answer: 'refused' },
  ],
  'POST /releases/{release}/check': ({ release }) => [
    { path: `/releases/${release}/check`, json: {}, answer: 'refused' },
  ],
  'POST /releases/{release}/approve': ({ release, check }) => [
    {
      path: `/releases/${release}/approve`,
      json: { checkId: check, reason: 'looks fine', approver: 'Eve' },
      answer: 'refused',
    },
  ],
  'POST /releases/{release}/assignments': ({ release }) => [
    { path: `/releases/${release}/assignments`, json: { units: ['u-1'] }, answer: 'refused' },
  ],
  'GET /releases/{release}/checks/{check}/recompute': ({ release, check }, own) => [
    { path: `/releases/${release}/checks/${check}/recompute`, answer: 'refused' },
    { path: `/releases/${own.release}/checks/${check}/recompute`, answer: 'refused' },
  ],
  'POST /releases/{release}/rollback': ({ release }) => [
    { path: `/releases/${release}/rollback`, json: { reason: 'not mine' }, answer: 'refused' },
  ],
  'GET /rubrics': () => [{ path: '/rubrics', answer: 'own' }],
  'POST /rubrics': ({ agent }) => [{ path: '/rubrics', json: { agent, source: RUBRIC }, answer: 'refused' }],
  'GET /rubrics/{rubric}': ({ rubric }) => [{ path: `/rubrics/${rubric}`, answer: 'refused' }],
  'POST /rubrics/{rubric}/apply': ({ rubric }) => [
    { path: `/rubrics/${rubric}/apply`, json: {}, answer: 'refused' },
  ],
  'POST /rubrics/drafts': ({ judge }) => [
    { path: '/rubrics/drafts', json: { judge, instruction: 'Be kind.' }, answer: 'refused' },
  ],
  'GET /rubrics/drafts/{draft}': ({ draft }) => [{ path: `/rubrics/drafts/${draft}`, answer: 'refused' }],
  'GET /rubrics/{rubric}/predictions': ({ rubric }) => [
    { path: `/rubrics/${rubric}/predictions`, answer: 'refused' },
  ],
  'GET /inbox': () => [{ path: '/inbox', answer: 'own' }],
  'POST /review/questions': ({ rubric, episode }, own) => [
    { path: '/review/questions', json: { rubric, episodes: { random: 1 } }, answer: 'refused' },
    { path: '/review/questions', json: { rubric: own.rubric, episodes: [episode] }, answer: 'refused' },
  ],
  'POST /review/next': () => [{ path: '/review/next', json: { mode: 'sheet' }, answer: 'own' }],
  'GET /review/sheet/{episode}': ({ episode }) => [{ path: `/review/sheet/${episode}`, answer: 'own' }],
  'GET /review/{assignment}': ({ assignment }) => [{ path: `/review/${assignment}`, answer: 'refused' }],
  'POST /review/{assignment}/answer': ({ assignment }, own) => [
    { path: `/review/${assignment}/answer`, json: ANSWER, answer: 'refused' },
    { path: `/review/${own.assignment}/answer`, json: ANSWER, answer: 'own' },
  ],
  'GET /vetting': () => [{ path: '/vetting', answer: 'own' }],
  'POST /vetting': () => [{ path: '/vetting', json: { roundQuestions: 0, hiddenShare: 0 }, answer: 'own' }],
  'POST /review/round/next': () => [{ path: '/review/round/next', json: {}, answer: 'own' }],
  'POST /review/round/{draw}/answer': ({ draw }) => [
    {
      path: `/review/round/${draw}/answer`,
      json: { answer: ANSWER.answer, startedAt: ANSWER.startedAt },
      answer: 'refused',
    },
  ],
  // People of another project are tried in adjudication.test.ts.
  'GET /adjudication': () => [{ path: '/adjudication', answer: 'refused', peopleOnly: true }],
  'GET /adjudication/{episode}/{criterion}': ({ episode }) => [
    { path: `/adjudication/${episode}/${questionSha256}`, answer: 'refused', peopleOnly: true },
  ],
  'POST /adjudication/{episode}/{criterion}': ({ episode }) => [
    {
      path: `/adjudication/${episode}/${questionSha256}`,
      json: { answer: ANSWER.answer, reason: 'slip' },
      answer: 'refused',
      peopleOnly: true,
    },
  ],
  'POST /adjudication/{episode}/{criterion}/undo': ({ episode, assignment }) => [
    {
      path: `/adjudication/${episode}/${questionSha256}/undo`,
      json: { decision: assignment },
      answer: 'refused',
      peopleOnly: true,
    },
  ],
  'GET /agreement': () => [{ path: '/agreement', answer: 'own' }],
  'GET /question-forms': () => [{ path: '/question-forms', answer: 'own' }],
  'POST /question-forms': () => [
    { path: '/question-forms', json: { criterionSha256: questionSha256, share: 0 }, answer: 'own' },
  ],
  'GET /critiques': () => [{ path: '/critiques', answer: 'own' }],
  'POST /critiques': () => [{ path: '/critiques', json: { share: 0 }, answer: 'own' }],
  'POST /critiques/written/{claim}/take-back': ({ draw }) => [
    { path: `/critiques/written/${draw}/take-back`, json: {}, answer: 'refused' },
  ],
  'POST /review/{assignment}/critique': ({ assignment }) => [
    { path: `/review/${assignment}/critique`, json: { claim: 0, mark: 'valid' }, answer: 'refused' },
  ],
  'GET /splits': () => [{ path: '/splits', answer: 'own' }],
  'POST /splits': ({ rubric, judge }, own) => [
    { path: '/splits', json: { ...SPLIT, rubric, criterionSha256: questionSha256 }, answer: 'refused' },
    {
      path: '/splits',
      json: { ...SPLIT, rubric: own.rubric, criterionSha256: questionSha256, judge },
      answer: 'refused',
    },
  ],
  'POST /splits/plan': ({ rubric }) => [
    { path: '/splits/plan', json: { ...SPLIT, rubric, criterionSha256: questionSha256 }, answer: 'refused' },
  ],
  'PUT /splits/rules': () => [{ path: '/splits/rules', json: { share: 0 }, answer: 'own' }],
  'POST /review/{assignment}/part': ({ assignment }) => [
    { path: `/review/${assignment}/part`, json: { part: 0, value: 'yes' }, answer: 'refused' },
  ],
  'GET /studies': () => [{ path: '/studies', answer: 'own' }],
  'POST /studies': ({ rubric }) => [{ path: '/studies', json: { ...STUDY, rubric }, answer: 'refused' }],
  'GET /studies/{study}': ({ study }) => [{ path: `/studies/${study}`, answer: 'refused' }],
  'GET /review/studies': () => [{ path: '/review/studies', answer: 'own' }],
  'GET /review/studies/{study}': ({ study }) => [{ path: `/review/studies/${study}`, answer: 'refused' }],
  'POST /review/studies/{study}/agree': ({ study }) => [
    { path: `/review/studies/${study}/agree`, json: {}, answer: 'refused' },
  ],
  'POST /review/studies/{study}/answer': ({ study }) => [
    {
      path: `/review/studies/${study}/answer`,
      json: { place: 1, stage: 'first', value: 'yes', probability: 0.8, startedAt: ANSWER.startedAt },
      answer: 'refused',
    },
  ],
  'POST /studies/{study}/stop': ({ study }) => [
    { path: `/studies/${study}/stop`, json: { reason: 'not mine' }, answer: 'refused' },
  ],
  'GET /debates': () => [{ path: '/debates', answer: 'own' }],
  'GET /debates/{debate}': ({ debate }) => [{ path: `/debates/${debate}`, answer: 'refused' }],
  'GET /review/debates': () => [{ path: '/review/debates', answer: 'own' }],
  'GET /review/debates/{debate}': ({ debate }) => [{ path: `/review/debates/${debate}`, answer: 'refused' }],
  'POST /review/debates/{debate}/seat': ({ debate }) => [
    { path: `/review/debates/${debate}/seat`, json: { seat: 'judge' }, answer: 'refused' },
  ],
  'POST /review/debates/{debate}/speech': ({ debate }) => [
    {
      path: `/review/debates/${debate}/speech`,
      json: { round: 1, text: 'Hear me.', startedAt: ANSWER.startedAt },
      answer: 'refused',
    },
  ],
  'POST /review/debates/{debate}/judgment': ({ debate }) => [
    {
      path: `/review/debates/${debate}/judgment`,
      json: { round: 1, probabilityA: 0.5, stop: true, startedAt: ANSWER.startedAt },
      answer: 'refused',
    },
  ],
  'POST /review/undo': () => [
    { path: '/review/undo', json: { commitKey: '01900000-0000-4000-8000-000000000002' }, answer: 'own' },
  ],
  'GET /ratings': ({ rubric, episode }) => [
    { path: '/ratings?limit=200', answer: 'own' },
    { path: `/ratings?rubric=${rubric}&episode=${episode}`, answer: 'own' },
  ],
  'POST /ratings': ({ rubric, episode }, own) => [
    { path: '/ratings', json: { rubric, ratings: [{ ...RATING, episodeId: episode }] }, answer: 'refused' },
    {
      path: '/ratings',
      json: { rubric: own.rubric, ratings: [{ ...RATING, episodeId: episode }] },
      answer: 'own',
    },
  ],
  'GET /judges': () => [{ path: '/judges', answer: 'own' }],
  'POST /judges/runs': ({ judge, rubric }, own) => [
    { path: '/judges/runs', json: { judge, rubric }, answer: 'refused' },
    { path: '/judges/runs', json: { judge: own.judge, rubric }, answer: 'refused' },
    { path: '/judges/runs', json: { judge, rubric: own.rubric }, answer: 'refused' },
  ],
  'GET /supervisors': () => [{ path: '/supervisors', answer: 'own' }],
  'GET /supervisors/default': ({ agent }) => [
    { path: `/supervisors/default?agent=${agent}`, answer: 'refused' },
  ],
  'POST /supervisors': ({ judge, policyId }, own) => [
    {
      path: '/supervisors',
      json: { rater: judge, policy: policyId, roles: ['rater'], reason: 'not mine' },
      answer: 'refused',
    },
    {
      path: '/supervisors',
      json: { rater: own.judge, policy: policyId, roles: ['rater'], reason: 'not mine' },
      answer: 'refused',
    },
  ],
  'POST /supervisors/{rater}/runs': ({ judge, baselineId, rubric }, own) => [
    { path: `/supervisors/${judge}/runs`, json: { policy: baselineId, rubric }, answer: 'refused' },
    { path: `/supervisors/${own.judge}/runs`, json: { policy: baselineId, rubric }, answer: 'refused' },
    {
      path: `/supervisors/${own.judge}/runs`,
      json: { policy: own.baselineId, rubric },
      answer: 'refused',
    },
  ],
  'GET /planted-faults': () => [{ path: '/planted-faults', answer: 'own' }],
  'POST /planted-faults': ({ rubric, episode }) => [
    {
      path: '/planted-faults',
      json: { rubric, criterion: 'root', operator: 'invent-fact', value: 'no', episodes: [episode] },
      answer: 'refused',
    },
  ],
  'GET /planted-faults/{planted}': ({ planted }) => [
    { path: `/planted-faults/${planted}`, answer: 'refused' },
  ],
  'POST /planted-faults/{planted}/review': ({ planted }) => [
    {
      path: `/planted-faults/${planted}/review`,
      json: { accepted: true, reason: 'not mine' },
      answer: 'refused',
    },
  ],
  'GET /review/pause': () => [{ path: '/review/pause', answer: 'own' }],
  // One's own is tried in pause-note.test.ts.
  'POST /review/pause/{note}/read': ({ draw }) => [
    { path: `/review/pause/${draw}/read`, json: {}, answer: 'refused', peopleOnly: true },
  ],
  'GET /gold': () => [{ path: '/gold', answer: 'own' }],
  'POST /gold/retire': ({ episode }) => [
    {
      path: '/gold/retire',
      json: { episode, criterionSha256: questionSha256, reason: 'not mine' },
      answer: 'refused',
    },
  ],
  'GET /validity-rounds': () => [{ path: '/validity-rounds', answer: 'own' }],
  'POST /validity-rounds': () => [{ path: '/validity-rounds', json: VALIDITY_ROUND, answer: 'own' }],
  'POST /validity-rounds/{round}/end': ({ validityRound }) => [
    { path: `/validity-rounds/${validityRound}/end`, json: { reason: 'not mine' }, answer: 'refused' },
  ],
  // Raters of another project are tried in validity.test.ts.
  'GET /review/validity-rounds': () => [{ path: '/review/validity-rounds', answer: 'own' }],
  'GET /review/validity-rounds/{round}': ({ validityRound }) => [
    { path: `/review/validity-rounds/${validityRound}`, answer: 'refused', peopleOnly: true },
  ],
  'POST /review/validity-rounds/{round}/agree': ({ validityRound }) => [
    { path: `/review/validity-rounds/${validityRound}/agree`, json: {}, answer: 'refused', peopleOnly: true },
  ],
  'POST /review/validity-rounds/{round}/answer': ({ validityRound }) => [
    {
      path: `/review/validity-rounds/${validityRound}/answer`,
      json: { place: 1, saidPlanted: true, startedAt: ANSWER.startedAt },
      answer: 'refused',
      peopleOnly: true,
    },
  ],
  'GET /judges/runs': () => [{ path: '/judges/runs', answer: 'own' }],
  'GET /judges/runs/{run}': ({ judgeRun }) => [{ path: `/judges/runs/${judgeRun}`, answer: 'refused' }],
  'GET /judges/spend': () => [{ path: '/judges/spend', answer: 'own' }],
  'PUT /judges/spend': () => [{ path: '/judges/spend', json: { usdPerDay: 1 }, answer: 'own' }],
  'GET /raters': () => [{ path: '/raters', answer: 'own' }],
  'GET /raters/{rater}': ({ rater }) => [{ path: `/raters/${rater}`, answer: 'refused' }],
  'POST /raters/{rater}/tier': ({ rater }) => [
    { path: `/raters/${rater}/tier`, json: { tier: 'suspended', reason: 'not mine' }, answer: 'refused' },
  ],
  'POST /raters/{rater}/conflicts': ({ rater, agent }) => [
    {
      path: `/raters/${rater}/conflicts`,
      json: { agent, excluded: true, reason: 'not mine' },
      answer: 'refused',
    },
  ],
  'POST /v1/traces': ({ agent, candidate }) => [
    {
      path: `/v1/traces?agent=${agent}-copy&policy=${candidate}`,
      json: { resourceSpans: [] },
      answer: 'own',
    },
  ],
  'POST /anchors': ({ agent, baseline }, own) => [
    { path: '/anchors', json: { agent, policy: baseline, evidence: 'none' }, answer: 'refused' },
    { path: '/anchors', json: { agent: own.agent, policy: baseline, evidence: 'none' }, answer: 'refused' },
  ],
  'POST /contracts/simulate': ({ agent }) => [
    { path: '/contracts/simulate', json: { agent }, answer: 'refused' },
  ],
  'GET /contracts': () => [{ path: '/contracts', answer: 'own' }],
  'GET /contracts/one': ({ agent }) => [
    { path: `/contracts/one?agent=${encodeURIComponent(agent)}`, answer: 'refused' },
  ],
  'POST /contracts': ({ agent, baseline }, own) => [
    { path: '/contracts', json: { agent, baseline, tools: [], reason: 'not mine' }, answer: 'refused' },
    {
      path: '/contracts',
      json: { agent: own.agent, baseline, tools: [], reason: 'not mine' },
      answer: 'refused',
    },
  ],
  'GET /gateway': () => [{ path: '/gateway', answer: 'own' }],
  'GET /mcp/servers': () => [{ path: '/mcp/servers', answer: 'own' }],
  'POST /gateway/servings': ({ agent, baseline }) => [
    {
      path: '/gateway/servings',
      json: { agent, policy: baseline, upstream: 'mine', model: 'm' },
      answer: 'refused',
    },
  ],
  'POST /gateway/halt': () => [
    { path: '/gateway/halt', json: { halted: true, reason: 'my own' }, answer: 'own' },
  ],
  'GET /holds': () => [{ path: '/holds', answer: 'own' }],
  'GET /holds/{hold}': ({ hold }) => [{ path: `/holds/${hold}`, answer: 'refused' }],
  'GET /webhooks': () => [{ path: '/webhooks', answer: 'own' }],
  'POST /webhooks': () => [
    {
      path: '/webhooks',
      json: { url: 'https://hooks.example.org/own', events: ['hold.opened'] },
      answer: 'own',
    },
  ],
  'POST /webhooks/{webhook}/test': ({ webhook }) => [
    { path: `/webhooks/${webhook}/test`, json: {}, answer: 'refused' },
  ],
  'POST /webhooks/{webhook}/rotate': ({ webhook }) => [
    { path: `/webhooks/${webhook}/rotate`, json: {}, answer: 'refused' },
  ],
  'POST /webhooks/{webhook}/remove': ({ webhook }) => [
    { path: `/webhooks/${webhook}/remove`, json: {}, answer: 'refused' },
  ],
  'POST /holds/answer': ({ hold }) => [
    {
      path: '/holds/answer',
      json: { holds: [hold, crypto.randomUUID()], answer: { kind: 'approved' } },
      answer: 'refused',
      peopleOnly: true,
    },
  ],
  'POST /holds/{hold}/answer': ({ hold }) => [
    { path: `/holds/${hold}/answer`, json: { kind: 'approved' }, answer: 'refused', peopleOnly: true },
  ],
  'GET /ladders/{agent}': ({ agent }) => [{ path: `/ladders/${agent}`, answer: 'refused' }],
  'POST /ladders': ({ agent }) => [
    { path: '/ladders', json: { agent, ladder: DEFAULT_LADDER }, answer: 'refused' },
  ],
}

const PREFIX = '/api/projects/{project}'
const registered = [
  ...new Set(
    createApp(server.effects, { secretsKey: new Uint8Array(32) })
      .routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/projects/:project'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}').replace(/\/$/, '')}`),
  ),
].map((name) => name.replace(PREFIX, ''))

let theirs: Owned
let own: Owned
let owner = ''
let stranger = ''

const ask = (project: string, token: string, visit: Visit) =>
  server.request(`/api/projects/${project}${visit.path}`, {
    token,
    ...methodOf(visit),
    ...(visit.json === undefined ? {} : { json: visit.json }),
    ...(visit.body === undefined
      ? {}
      : { body: visit.body, headers: { 'content-type': 'application/octet-stream' } }),
  } as TestRequest)

const methods = new Map<Visit, string>()
const methodOf = (visit: Visit) => ({ method: methods.get(visit) ?? 'GET' })

function visitsOf(route: string, foreign: Owned, mine: Owned): readonly Visit[] {
  const visits = VISITS[route]?.(foreign, mine) ?? []
  for (const visit of visits) methods.set(visit, route.split(' ')[0] ?? '')
  return visits
}

async function fill(project: Project, token: string, name: string): Promise<Owned> {
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
  await call('/contracts', { json: { agent, baseline, tools: [], reason: 'to be shown' } })
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
  questionSha256 = shown.nodes[0]?.criterion?.sha256 ?? ''
  await call(`/rubrics/${saved.id}/apply`, { json: {} })
  const debate = JSON.parse(
    await call('/debates', { json: { ...DEBATE, rubric: saved.id, episode: episodeList.items[0]?.id } }),
  ) as { id: string }
  await call(`/review/debates/${debate.id}/seat`, { json: { seat: 'judge' } })
  const pairwise = JSON.parse(await call('/rubrics', { json: { agent, source: RUBRIC_OF_PAIRS } })) as {
    id: string
  }
  const ofPairs = JSON.parse(await call(`/rubrics/${pairwise.id}`)) as typeof shown
  pairwiseSha256 = ofPairs.nodes[0]?.criterion?.sha256 ?? ''
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
  return {
    agent,
    baseline,
    candidate,
    policyId: policyList.items.find((policy) => policy.name === candidate)?.id ?? '',
    baselineId: policyList.items.find((policy) => policy.name === baseline)?.id ?? '',
    episode: episodeList.items[0]?.id ?? '',
    secondEpisode: episodeList.items[1]?.id ?? '',
    release,
    check: checks ?? '',
    rubric: saved.id,
    rater: raterList.items[0]?.id ?? '',
    assignment: question?.assignmentId ?? '',
    debate: debate.id,
    agentId: agentList.items.find((one) => one.name === agent)?.id ?? '',
    pairwise: pairwise.id,
    pair,
    study: await studied(project, raterList.items, saved.id),
    draw: await drawn(project, call, raterList.items, {
      episode: episodeList.items[0]?.id ?? '',
      assignment: question?.assignmentId ?? '',
    }),
    judge: judge.id,
    judgeRun: judgeRun.id,
    draft: draft.id,
    hold: await held(project, release),
    webhook: webhook.id,
    planted: await planted(
      call,
      saved.id,
      episodeList.items.map(({ id }) => id),
    ),
    validityRound: validity.rounds[0]?.id ?? '',
    apiKey: apiKey.id,
    providerKey: providerKey.id,
    userId: await join(project.slug, token, `${name}@example.org`),
  }
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
async function held({ id: projectId }: Project, releaseId: string): Promise<string> {
  const { effects } = server
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
  { id: projectId }: Project,
  raterList: readonly { readonly id: string; readonly kind: string }[],
  rubricId: string,
): Promise<string> {
  const { effects } = server
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
  { id: projectId }: Project,
  call: (path: string, request: TestRequest) => Promise<string>,
  raterList: readonly { readonly id: string; readonly kind: string }[],
  { episode, assignment }: { readonly episode: string; readonly assignment: string },
): Promise<string> {
  const { effects } = server
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

async function join(slug: string, token: string, email: string): Promise<string> {
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

const head = async () => (await server.request('/api/projects/default/ledger/head', { token: owner })).json()

let headBefore: unknown
beforeAll(async () => {
  const made = await createProject(server.effects, { slug: 'other', name: 'Other' }, { actor: 't' })
  owner = await server.key(SCOPES)
  stranger = await server.key(SCOPES, made.project)
  theirs = await fill(server.project, owner, 'vault')
  own = await fill(made.project, stranger, 'street')
  headBefore = await head()
})

test('every registered route of a project is visited, and no visit is to a route that is gone', () => {
  expect(registered.length).toBeGreaterThan(30)
  expect(registered.sort()).toEqual(Object.keys(VISITS).sort())
})

test('the other project owns one of each', () => {
  for (const [what, id] of Object.entries(theirs)) expect(id, what).not.toBe('')
})

describe.each(Object.keys(VISITS))('%s', (route) => {
  test("with the other project's real ids gives nothing away", async () => {
    for (const visit of visitsOf(route, theirs, own)) {
      const answer = await ask('other', stranger, visit)
      const text = await answer.text()
      const said = `${visit.path} answered ${answer.status} ${text.slice(0, 300)}`
      if (visit.answer === 'refused') expect([403, 404], said).toContain(answer.status)
      else expect(answer.ok, said).toBe(true)
      // A refusal may repeat the id that it was asked for, and nothing else.
      for (const [what, mark] of Object.entries(theirs))
        if (!JSON.stringify(visit).includes(mark)) expect(text, `${said}: ${what}`).not.toContain(mark)
    }
  })
})

test('after all visits the other project is as it was', async () => {
  expect(await head()).toEqual(headBefore)
  const release = await server.request(`/api/projects/default/releases/${theirs.release}`, { token: owner })
  expect(await release.json()).toMatchObject({ state: 'proposed' })
})

test('the ids were real: the owner is refused none of them', async () => {
  for (const route of Object.keys(VISITS)) {
    const [visit] = visitsOf(route, theirs, theirs).filter(
      ({ answer, peopleOnly }) => answer === 'refused' && peopleOnly === undefined,
    )
    if (!visit) continue
    const answer = await ask('default', owner, visit)
    expect([401, 403, 404], `${route} ${visit.path}: ${await answer.text()}`).not.toContain(answer.status)
  }
})
