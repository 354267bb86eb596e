/** What helps those who answer: critiques, parts, debates, comparisons, models; and studies of it. */
import { ANSWER, CLAIM, COMMITTED, DEBATE, JUDGE, SPLIT, STUDY } from './bodies.ts'
import type { Visits } from './visit.ts'

export const visitsOfHelp: Visits = {
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
  'POST /critiques/planted': ({ episode }, { questionSha256 }) => [
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
  'GET /comparisons/{agent}/{criterion}': ({ agentId }, { pairwiseSha256 }) => [
    { path: `/comparisons/${agentId}/${pairwiseSha256}`, answer: 'refused' },
  ],
  'GET /comparisons/{agent}/{criterion}/answers': ({ agentId }, { pairwiseSha256 }) => [
    { path: `/comparisons/${agentId}/${pairwiseSha256}/answers`, answer: 'refused' },
  ],
  'GET /comparisons/{agent}/{criterion}/preferences': ({ agentId }, { pairwiseSha256 }) => [
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
  'POST /critiques/written': ({ episode }, { questionSha256 }) => [
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
  'POST /judges': ({ providerKey }) => [
    { path: '/judges', json: { ...JUDGE, name: 'mine', providerKeyId: providerKey }, answer: 'refused' },
  ],
  'POST /rubrics/drafts': ({ judge }) => [
    { path: '/rubrics/drafts', json: { judge, instruction: 'Be kind.' }, answer: 'refused' },
  ],
  'GET /rubrics/drafts/{draft}': ({ draft }) => [{ path: `/rubrics/drafts/${draft}`, answer: 'refused' }],
  'GET /critiques': () => [{ path: '/critiques', answer: 'own' }],
  'POST /critiques': () => [{ path: '/critiques', json: { share: 0 }, answer: 'own' }],
  'POST /critiques/written/{claim}/take-back': ({ draw }) => [
    { path: `/critiques/written/${draw}/take-back`, json: {}, answer: 'refused' },
  ],
  'GET /splits': () => [{ path: '/splits', answer: 'own' }],
  'POST /splits': ({ rubric, judge }, own) => [
    { path: '/splits', json: { ...SPLIT, rubric, criterionSha256: own.questionSha256 }, answer: 'refused' },
    {
      path: '/splits',
      json: { ...SPLIT, rubric: own.rubric, criterionSha256: own.questionSha256, judge },
      answer: 'refused',
    },
  ],
  'POST /splits/plan': ({ rubric }, { questionSha256 }) => [
    { path: '/splits/plan', json: { ...SPLIT, rubric, criterionSha256: questionSha256 }, answer: 'refused' },
  ],
  'PUT /splits/rules': () => [{ path: '/splits/rules', json: { share: 0 }, answer: 'own' }],
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
  'GET /judges/runs': () => [{ path: '/judges/runs', answer: 'own' }],
  'GET /judges/runs/{run}': ({ judgeRun }) => [{ path: `/judges/runs/${judgeRun}`, answer: 'refused' }],
  'GET /judges/spend': () => [{ path: '/judges/spend', answer: 'own' }],
  'PUT /judges/spend': () => [{ path: '/judges/spend', json: { usdPerDay: 1 }, answer: 'own' }],
}
