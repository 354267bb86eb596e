/** Episodes, and what is planted among them. */
import { ANSWER, lines, VALIDITY_ROUND } from './bodies.ts'
import type { Visits } from './visit.ts'

export const visitsOfEpisodes: Visits = {
  'POST /gold': ({ episode }, { questionSha256 }) => [
    { path: '/gold', json: { episode, criterionSha256: questionSha256, value: 'yes' }, answer: 'refused' },
  ],
  'GET /episodes/{episode}/reward': ({ episode }) => [
    { path: `/episodes/${episode}/reward`, answer: 'refused' },
  ],
  'GET /episodes/{episode}/coverage': ({ episode, rubric }, own) => [
    { path: `/episodes/${episode}/coverage`, answer: 'refused' },
    { path: `/episodes/${own.episode}/coverage?rubric=${rubric}`, answer: 'refused' },
  ],
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
  'GET /gold': () => [{ path: '/gold', answer: 'own' }],
  'POST /gold/retire': ({ episode }, { questionSha256 }) => [
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
  'POST /v1/traces': ({ agent, candidate }) => [
    {
      path: `/v1/traces?agent=${agent}-copy&policy=${candidate}`,
      json: { resourceSpans: [] },
      answer: 'own',
    },
  ],
}
