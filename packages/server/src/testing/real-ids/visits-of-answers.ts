/** Questions, and what people and others answered to them. */
import { ANSWER, RATING, RUBRIC } from './bodies.ts'
import type { Visits } from './visit.ts'

export const visitsOfAnswers: Visits = {
  'GET /rubrics': () => [{ path: '/rubrics', answer: 'own' }],
  'POST /rubrics': ({ agent }) => [{ path: '/rubrics', json: { agent, source: RUBRIC }, answer: 'refused' }],
  'GET /rubrics/{rubric}': ({ rubric }) => [{ path: `/rubrics/${rubric}`, answer: 'refused' }],
  'POST /rubrics/{rubric}/apply': ({ rubric }) => [
    { path: `/rubrics/${rubric}/apply`, json: {}, answer: 'refused' },
  ],
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
  'GET /adjudication/{episode}/{criterion}': ({ episode }, { questionSha256 }) => [
    { path: `/adjudication/${episode}/${questionSha256}`, answer: 'refused', peopleOnly: true },
  ],
  'POST /adjudication/{episode}/{criterion}': ({ episode }, { questionSha256 }) => [
    {
      path: `/adjudication/${episode}/${questionSha256}`,
      json: { answer: ANSWER.answer, reason: 'slip' },
      answer: 'refused',
      peopleOnly: true,
    },
  ],
  'POST /adjudication/{episode}/{criterion}/undo': ({ episode, assignment }, { questionSha256 }) => [
    {
      path: `/adjudication/${episode}/${questionSha256}/undo`,
      json: { decision: assignment },
      answer: 'refused',
      peopleOnly: true,
    },
  ],
  'GET /agreement': () => [{ path: '/agreement', answer: 'own' }],
  'GET /question-forms': () => [{ path: '/question-forms', answer: 'own' }],
  'POST /question-forms': (_, { questionSha256 }) => [
    { path: '/question-forms', json: { criterionSha256: questionSha256, share: 0 }, answer: 'own' },
  ],
  'POST /review/{assignment}/critique': ({ assignment }) => [
    { path: `/review/${assignment}/critique`, json: { claim: 0, mark: 'valid' }, answer: 'refused' },
  ],
  'POST /review/{assignment}/part': ({ assignment }) => [
    { path: `/review/${assignment}/part`, json: { part: 0, value: 'yes' }, answer: 'refused' },
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
  'GET /review/pause': () => [{ path: '/review/pause', answer: 'own' }],
  // One's own is tried in pause-note.test.ts.
  'POST /review/pause/{note}/read': ({ draw }) => [
    { path: `/review/pause/${draw}/read`, json: {}, answer: 'refused', peopleOnly: true },
  ],
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
}
