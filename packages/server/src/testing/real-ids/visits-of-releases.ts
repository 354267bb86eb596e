/** Releases, and what is enforced by them. */
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import type { Visits } from './visit.ts'

export const visitsOfReleases: Visits = {
  'POST /gateway/upstreams': ({ providerKey }) => [
    {
      path: '/gateway/upstreams',
      json: { name: 'mine', baseUrl: 'http://127.0.0.1:9/v1', providerKeyId: providerKey },
      answer: 'refused',
    },
  ],
  'GET /alerts': () => [{ path: '/alerts', answer: 'own' }],
  'GET /drift': () => [{ path: '/drift', answer: 'own' }],
  'POST /drift/limit': () => [{ path: '/drift/limit', json: { shareMax: 0.2 }, answer: 'own' }],
  'POST /mcp/servers': ({ providerKey }) => [
    {
      path: '/mcp/servers',
      json: { name: 'mine', url: 'http://127.0.0.1:9/mcp', providerKeyId: providerKey },
      answer: 'refused',
    },
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
  'GET /releases/{release}/shadow': ({ release }) => [
    { path: `/releases/${release}/shadow`, answer: 'refused' },
  ],
  'GET /releases/{release}/pairs': ({ release }) => [
    { path: `/releases/${release}/pairs`, answer: 'refused' },
  ],
  'GET /releases/{release}/watch': ({ release }) => [
    { path: `/releases/${release}/watch`, answer: 'refused' },
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
  'GET /contracts/proposals': () => [{ path: '/contracts/proposals', answer: 'own' }],
  'POST /contracts/proposals': ({ agent, baseline }, own) =>
    [agent, own.agent].map((named) => ({
      path: '/contracts/proposals',
      json: { agent: named, baseline, tools: [], reason: 'not mine', approver: 'Ada' },
      answer: 'refused' as const,
    })),
  'POST /contracts/proposals/{proposal}/approve': ({ proposal }) => [
    {
      path: `/contracts/proposals/${proposal}/approve`,
      json: { against: 1, approver: 'Ada' },
      answer: 'refused',
    },
  ],
  'POST /contracts/proposals/{proposal}/withdraw': ({ proposal }) => [
    { path: `/contracts/proposals/${proposal}/withdraw`, json: {}, answer: 'refused' },
  ],
  'GET /gateway': () => [{ path: '/gateway', answer: 'own' }],
  'GET /gateway/halt': () => [{ path: '/gateway/halt', answer: 'own' }],
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
  'GET /planted-requests': () => [{ path: '/planted-requests', answer: 'own' }],
  'POST /planted-requests': () => [{ path: '/planted-requests', json: { share: 0.1 }, answer: 'own' }],
  'GET /approvals/pause': () => [{ path: '/approvals/pause', answer: 'own' }],
  // One's own is tried in planted-requests/planted-requests.test.ts.
  'POST /approvals/pause/{note}/read': ({ draw }) => [
    { path: `/approvals/pause/${draw}/read`, json: {}, answer: 'refused', peopleOnly: true },
  ],
  'GET /planted-requests/written': () => [{ path: '/planted-requests/written', answer: 'own' }],
  'POST /planted-requests/written': ({ agent }) => [
    {
      path: '/planted-requests/written',
      json: { agent, tool: 'refund', arguments: {}, reason: 'not mine' },
      answer: 'refused',
    },
  ],
  // One's own is tried in planted-requests/written-requests.test.ts.
  'POST /planted-requests/written/{request}/withdraw': ({ draw }) => [
    { path: `/planted-requests/written/${draw}/withdraw`, json: {}, answer: 'refused', peopleOnly: true },
  ],
  'GET /incidents/{incident}/planted-request': ({ incident }) => [
    { path: `/incidents/${incident}/planted-request`, answer: 'refused' },
  ],
  'POST /incidents/{incident}/planted-request': ({ incident }) => [
    {
      path: `/incidents/${incident}/planted-request`,
      json: { step: 0, reason: 'not mine' },
      answer: 'refused',
    },
  ],
  'GET /incidents': ({ release, episode }) => [
    { path: '/incidents', answer: 'own' },
    { path: `/incidents?release=${release}`, answer: 'own' },
    { path: `/incidents?episode=${episode}`, answer: 'own' },
  ],
  'POST /incidents': ({ episode }) => [
    { path: '/incidents', json: { episode, severity: 'minor', reason: 'not mine' }, answer: 'refused' },
  ],
  'GET /incidents/{incident}': ({ incident }) => [{ path: `/incidents/${incident}`, answer: 'refused' }],
  'POST /incidents/{incident}/close': ({ incident }) => [
    { path: `/incidents/${incident}/close`, json: { reason: 'not mine' }, answer: 'refused' },
  ],
  'GET /ladders/{agent}': ({ agent }) => [{ path: `/ladders/${agent}`, answer: 'refused' }],
  'POST /ladders': ({ agent }) => [
    { path: '/ladders', json: { agent, ladder: DEFAULT_LADDER }, answer: 'refused' },
  ],
}
