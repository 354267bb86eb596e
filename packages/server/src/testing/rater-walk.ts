/** A walk of a rater through every route of the role, about one question. */
export type Subject = { readonly what: string; readonly assignmentId: string; readonly episodeId: string }
export type Step = { readonly route: string; readonly path: string; readonly json?: object }

/** A commit key that looks the same for every question. */
export const commitKeyOf = (subject: Subject, at: number) =>
  `${subject.assignmentId.slice(0, 24)}${String(at).padStart(12, '0')}`

/** What a rater asks about one question, in order. Together they visit every route of the role. */
export const walk = (subject: Subject, criterionSha256: string): readonly Step[] => {
  const { assignmentId, episodeId } = subject
  const answer = (at: number, value: object, more: object = {}): Step => ({
    route: 'POST /review/{assignment}/answer',
    path: `/review/${assignmentId}/answer`,
    json: {
      commitKey: commitKeyOf(subject, at),
      answer: value,
      startedAt: '2026-01-15T08:59:00.000Z',
      ...more,
    },
  })
  const yes = { kind: 'answered', value: 'yes' }
  const inbox = { route: 'GET /inbox', path: '/inbox' }
  const question = { route: 'GET /review/{assignment}', path: `/review/${assignmentId}` }
  const sheet = { route: 'GET /review/sheet/{episode}', path: `/review/sheet/${episodeId}` }
  const next = { route: 'POST /review/next', path: '/review/next', json: { mode: 'focus' } }
  const undo = (at: number) => ({
    route: 'POST /review/undo',
    path: '/review/undo',
    json: { commitKey: commitKeyOf(subject, at) },
  })
  const disagreement = `/adjudication/${episodeId}/${'0'.repeat(64)}`
  return [
    { route: 'GET ', path: '' },
    { route: 'GET /episodes', path: '/episodes?limit=200' },
    { route: 'GET /episodes/{episode}', path: `/episodes/${episodeId}` },
    { route: 'GET /episodes/{episode}/steps', path: `/episodes/${episodeId}/steps` },
    { route: 'GET /episodes/{episode}/steps/bodies', path: `/episodes/${episodeId}/steps/bodies` },
    inbox,
    question,
    sheet,
    // No expert: there is no other way to what others said.
    { route: 'GET /adjudication', path: '/adjudication' },
    { route: 'GET /adjudication/{episode}/{criterion}', path: disagreement },
    {
      route: 'POST /adjudication/{episode}/{criterion}',
      path: disagreement,
      json: { answer: yes, reason: 'slip' },
    },
    {
      route: 'POST /adjudication/{episode}/{criterion}/undo',
      path: `${disagreement}/undo`,
      json: { decision: assignmentId },
    },
    { route: 'POST /review/round/next', path: '/review/round/next', json: {} },
    {
      route: 'POST /review/round/{draw}/answer',
      path: `/review/round/${assignmentId}/answer`,
      json: { answer: yes, startedAt: '2026-01-15T08:59:00.000Z' },
    },
    answer(1, { kind: 'answered', value: 'perhaps' }),
    answer(2, yes, { comment: 'mine', evidence: [1], flagged: true }),
    answer(2, yes, { comment: 'mine', evidence: [1], flagged: true }),
    answer(3, yes),
    {
      route: 'POST /review/{assignment}/critique',
      path: `/review/${assignmentId}/critique`,
      json: { claim: 0, mark: 'valid' },
    },
    {
      route: 'POST /review/{assignment}/part',
      path: `/review/${assignmentId}/part`,
      json: { part: 0, value: 'yes' },
    },
    { route: 'GET /critiques/written/{episode}', path: `/critiques/written/${episodeId}` },
    {
      route: 'POST /critiques/written',
      path: '/critiques/written',
      json: {
        episode: episodeId,
        criterionSha256,
        text: 'It is wrong.',
        severity: 'major',
        step: 2,
        quote: 'Done.',
      },
    },
    {
      route: 'POST /critiques/written/{claim}/take-back',
      path: `/critiques/written/${assignmentId}/take-back`,
      json: {},
    },
    { route: 'GET /review/studies', path: '/review/studies' },
    { route: 'GET /review/studies/{study}', path: `/review/studies/${assignmentId}` },
    {
      route: 'POST /review/studies/{study}/agree',
      path: `/review/studies/${assignmentId}/agree`,
      json: {},
    },
    {
      route: 'POST /review/studies/{study}/answer',
      path: `/review/studies/${assignmentId}/answer`,
      json: {
        place: 1,
        stage: 'first',
        value: 'yes',
        probability: 0.9,
        startedAt: '2026-01-15T08:59:00.000Z',
      },
    },
    { route: 'GET /review/comparisons', path: '/review/comparisons' },
    { route: 'POST /review/comparisons/next', path: '/review/comparisons/next', json: {} },
    {
      route: 'POST /review/comparisons/{pair}/answer',
      path: `/review/comparisons/${assignmentId}/answer`,
      json: {
        commitKey: commitKeyOf(subject, 7),
        answer: { kind: 'answered', value: 'left' },
        startedAt: '2026-01-15T08:59:00.000Z',
      },
    },
    {
      route: 'POST /review/comparisons/undo',
      path: '/review/comparisons/undo',
      json: { commitKey: commitKeyOf(subject, 8) },
    },
    { route: 'GET /review/pause', path: '/review/pause' },
    {
      route: 'POST /review/pause/{note}/read',
      path: `/review/pause/${assignmentId}/read`,
      json: {},
    },
    { route: 'GET /review/validity-rounds', path: '/review/validity-rounds' },
    {
      route: 'GET /review/validity-rounds/{round}',
      path: `/review/validity-rounds/${assignmentId}`,
    },
    {
      route: 'POST /review/validity-rounds/{round}/agree',
      path: `/review/validity-rounds/${assignmentId}/agree`,
      json: {},
    },
    {
      route: 'POST /review/validity-rounds/{round}/answer',
      path: `/review/validity-rounds/${assignmentId}/answer`,
      json: { place: 1, saidPlanted: true, startedAt: '2026-01-15T08:59:00.000Z' },
    },
    { route: 'GET /review/debates', path: '/review/debates' },
    { route: 'GET /review/debates/{debate}', path: `/review/debates/${assignmentId}` },
    {
      route: 'POST /review/debates/{debate}/seat',
      path: `/review/debates/${assignmentId}/seat`,
      json: { seat: 'judge' },
    },
    {
      route: 'POST /review/debates/{debate}/speech',
      path: `/review/debates/${assignmentId}/speech`,
      json: { round: 1, text: 'mine', startedAt: '2026-01-15T08:59:00.000Z' },
    },
    {
      route: 'POST /review/debates/{debate}/judgment',
      path: `/review/debates/${assignmentId}/judgment`,
      json: { round: 1, probabilityA: 0.5, stop: true, startedAt: '2026-01-15T08:59:00.000Z' },
    },
    question,
    sheet,
    inbox,
    undo(4),
    next,
    answer(5, { kind: 'abstained', reason: 'too-hard' }),
    inbox,
    undo(6),
    question,
  ]
}
