/** Who is in the project, with which keys, and what is told of it. */
import type { Visits } from './visit.ts'

export const visitsOfAccounts: Visits = {
  'GET ': () => [{ path: '', answer: 'own' }],
  'PATCH ': () => [{ path: '', json: { name: 'Mine' }, answer: 'own' }],
  'GET /overview': () => [{ path: '/overview', answer: 'own' }],
  'GET /agents': () => [{ path: '/agents', answer: 'own' }],
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
}
