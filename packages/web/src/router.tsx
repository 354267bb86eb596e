import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router'
import { SignInPage } from './accounts/SignInPage.tsx'
import { readEpisodeFilter } from './episodes/episode-filter.ts'
import { FirstProject } from './shell/FirstProject.tsx'
import { NotFoundPage } from './shell/NotFoundPage.tsx'
import { PageFailure } from './shell/PageFailure.tsx'
import { SignedInShell } from './shell/SignedInShell.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage })

const home = createRoute({ getParentRoute: () => root, path: '/', component: FirstProject })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    // Only paths of our own: an address from outside must not be able to send people elsewhere.
    const next = search.next
    return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? { next } : {}
  },
  component: SignInPage,
})

const link = createRoute({
  getParentRoute: () => root,
  path: '/link',
  component: lazyRouteComponent(() => import('./accounts/LinkPage.tsx'), 'LinkPage'),
})

const project = createRoute({ getParentRoute: () => root, path: '/p/$project', component: SignedInShell })

const overview = createRoute({
  getParentRoute: () => project,
  path: '/',
  component: lazyRouteComponent(() => import('./overview/OverviewPage.tsx'), 'OverviewPage'),
})

const newRelease = createRoute({
  getParentRoute: () => project,
  path: '/releases/new',
  validateSearch: (search: Record<string, unknown>): { agent?: string } =>
    typeof search.agent === 'string' ? { agent: search.agent } : {},
  component: lazyRouteComponent(() => import('./releases/NewReleasePage.tsx'), 'NewReleasePage'),
})

const release = createRoute({
  getParentRoute: () => project,
  path: '/releases/$releaseId',
  component: lazyRouteComponent(() => import('./releases/ReleasePage.tsx'), 'ReleasePage'),
})

const pairs = createRoute({
  getParentRoute: () => project,
  path: '/releases/$releaseId/pairs',
  component: lazyRouteComponent(() => import('./releases/PairsPage.tsx'), 'PairsPage'),
})

const episodes = createRoute({
  getParentRoute: () => project,
  path: '/episodes',
  validateSearch: readEpisodeFilter,
  component: lazyRouteComponent(() => import('./episodes/EpisodesPage.tsx'), 'EpisodesPage'),
})

const episode = createRoute({
  getParentRoute: () => project,
  path: '/episodes/$episodeId',
  component: lazyRouteComponent(() => import('./episodes/EpisodePage.tsx'), 'EpisodePage'),
})

const importing = createRoute({
  getParentRoute: () => project,
  path: '/import',
  component: lazyRouteComponent(() => import('./episodes/ImportPage.tsx'), 'ImportPage'),
})

const ledger = createRoute({
  getParentRoute: () => project,
  path: '/ledger',
  validateSearch: (search: Record<string, unknown>): { action?: string } =>
    typeof search.action === 'string' ? { action: search.action } : {},
  component: lazyRouteComponent(() => import('./ledger/LedgerPage.tsx'), 'LedgerPage'),
})

const holds = createRoute({
  getParentRoute: () => project,
  path: '/holds',
  component: lazyRouteComponent(() => import('./holds/HoldsPage.tsx'), 'HoldsPage'),
})

const gateway = createRoute({
  getParentRoute: () => project,
  path: '/gateway',
  component: lazyRouteComponent(() => import('./gateway/GatewayPage.tsx'), 'GatewayPage'),
})

const contract = createRoute({
  getParentRoute: () => project,
  path: '/contracts/$agent',
  /** `version`: the newest when left out. `against`: the one that it is compared with. */
  validateSearch: (search: Record<string, unknown>): { version?: number; against?: number } => ({
    ...(isVersion(search.version) ? { version: search.version } : {}),
    ...(isVersion(search.against) ? { against: search.against } : {}),
  }),
  component: lazyRouteComponent(() => import('./contracts/ContractPage.tsx'), 'ContractPage'),
})

const webhooks = createRoute({
  getParentRoute: () => project,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./webhooks/WebhooksPage.tsx'), 'WebhooksPage'),
})

const incidents = createRoute({
  getParentRoute: () => project,
  path: '/incidents',
  validateSearch: (search: Record<string, unknown>): { state?: 'open' | 'closed' } =>
    search.state === 'open' || search.state === 'closed' ? { state: search.state } : {},
  component: lazyRouteComponent(() => import('./incidents/IncidentsPage.tsx'), 'IncidentsPage'),
})

const incident = createRoute({
  getParentRoute: () => project,
  path: '/incidents/$incidentId',
  component: lazyRouteComponent(() => import('./incidents/IncidentPage.tsx'), 'IncidentPage'),
})

const inbox = createRoute({
  getParentRoute: () => project,
  path: '/inbox',
  component: lazyRouteComponent(() => import('./review/InboxPage.tsx'), 'InboxPage'),
})

const review = createRoute({
  getParentRoute: () => project,
  path: '/review',
  validateSearch: (search: Record<string, unknown>): { mode?: 'sheet' } =>
    search.mode === 'sheet' ? { mode: 'sheet' } : {},
  component: lazyRouteComponent(() => import('./review/ReviewPage.tsx'), 'ReviewPage'),
})

const round = createRoute({
  getParentRoute: () => project,
  path: '/round',
  component: lazyRouteComponent(() => import('./vetting/RoundPage.tsx'), 'RoundPage'),
})

const compare = createRoute({
  getParentRoute: () => project,
  path: '/compare',
  component: lazyRouteComponent(() => import('./comparisons/ComparePage.tsx'), 'ComparePage'),
})

const comparisons = createRoute({
  getParentRoute: () => project,
  path: '/comparisons',
  component: lazyRouteComponent(() => import('./comparisons/ComparisonsPage.tsx'), 'ComparisonsPage'),
})

const comparison = createRoute({
  getParentRoute: () => project,
  path: '/comparisons/$agentId/$criterion',
  component: lazyRouteComponent(() => import('./comparisons/ComparisonPage.tsx'), 'ComparisonPage'),
})

const debates = createRoute({
  getParentRoute: () => project,
  path: '/debates',
  /** `set`: the form is open, for this episode when one is named. */
  validateSearch: (search: Record<string, unknown>): { set?: string } =>
    typeof search.set === 'string' ? { set: search.set } : {},
  component: lazyRouteComponent(() => import('./debates/DebatesPage.tsx'), 'DebatesPage'),
})

const debate = createRoute({
  getParentRoute: () => project,
  path: '/debates/$debateId',
  component: lazyRouteComponent(() => import('./debates/DebatePage.tsx'), 'DebatePage'),
})

const room = createRoute({
  getParentRoute: () => project,
  path: '/room/$debateId',
  component: lazyRouteComponent(() => import('./debates/RoomPage.tsx'), 'RoomPage'),
})

const studies = createRoute({
  getParentRoute: () => project,
  path: '/studies',
  component: lazyRouteComponent(() => import('./studies/StudiesPage.tsx'), 'StudiesPage'),
})

const study = createRoute({
  getParentRoute: () => project,
  path: '/studies/$studyId',
  component: lazyRouteComponent(() => import('./studies/StudyPage.tsx'), 'StudyPage'),
})

const takePart = createRoute({
  getParentRoute: () => project,
  path: '/take-part/$studyId',
  component: lazyRouteComponent(() => import('./studies/TakePartPage.tsx'), 'TakePartPage'),
})

const adjudication = createRoute({
  getParentRoute: () => project,
  path: '/adjudication',
  component: lazyRouteComponent(() => import('./adjudication/AdjudicationPage.tsx'), 'AdjudicationPage'),
})

const rubrics = createRoute({
  getParentRoute: () => project,
  path: '/rubrics',
  component: lazyRouteComponent(() => import('./rubrics/RubricsPage.tsx'), 'RubricsPage'),
})

const newRubric = createRoute({
  getParentRoute: () => project,
  path: '/rubrics/new',
  validateSearch: (search: Record<string, unknown>): { from?: string; draft?: string } => ({
    ...(typeof search.from === 'string' ? { from: search.from } : {}),
    ...(typeof search.draft === 'string' ? { draft: search.draft } : {}),
  }),
  component: lazyRouteComponent(() => import('./rubrics/RubricEditorPage.tsx'), 'RubricEditorPage'),
})

const rubric = createRoute({
  getParentRoute: () => project,
  path: '/rubrics/$rubricId',
  component: lazyRouteComponent(() => import('./rubrics/RubricPage.tsx'), 'RubricPage'),
})

const raters = createRoute({
  getParentRoute: () => project,
  path: '/raters',
  component: lazyRouteComponent(() => import('./raters/RatersPage.tsx'), 'RatersPage'),
})

const rater = createRoute({
  getParentRoute: () => project,
  path: '/raters/$raterId',
  component: lazyRouteComponent(() => import('./raters/RaterPage.tsx'), 'RaterPage'),
})

const agreement = createRoute({
  getParentRoute: () => project,
  path: '/agreement',
  component: lazyRouteComponent(() => import('./agreement/AgreementPage.tsx'), 'AgreementPage'),
})

const splits = createRoute({
  getParentRoute: () => project,
  path: '/splits',
  component: lazyRouteComponent(() => import('./splits/SplitsPage.tsx'), 'SplitsPage'),
})

const critic = createRoute({
  getParentRoute: () => project,
  path: '/episodes/$episodeId/critic',
  component: lazyRouteComponent(() => import('./critiques/CriticPage.tsx'), 'CriticPage'),
})

const plantedFaults = createRoute({
  getParentRoute: () => project,
  path: '/planted-faults',
  component: lazyRouteComponent(() => import('./planted-faults/PlantedFaultsPage.tsx'), 'PlantedFaultsPage'),
})

const gold = createRoute({
  getParentRoute: () => project,
  path: '/gold',
  component: lazyRouteComponent(() => import('./vetting/GoldPage.tsx'), 'GoldPage'),
})

const guess = createRoute({
  getParentRoute: () => project,
  path: '/guess/$roundId',
  component: lazyRouteComponent(() => import('./validity/GuessPage.tsx'), 'GuessPage'),
})

const people = createRoute({
  getParentRoute: () => project,
  path: '/people',
  component: lazyRouteComponent(() => import('./accounts/PeoplePage.tsx'), 'PeoplePage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    signIn,
    link,
    project.addChildren([
      overview,
      newRelease,
      release,
      pairs,
      episodes,
      episode,
      critic,
      importing,
      holds,
      incidents,
      incident,
      gateway,
      contract,
      webhooks,
      inbox,
      review,
      round,
      compare,
      comparisons,
      comparison,
      debates,
      debate,
      room,
      studies,
      study,
      takePart,
      adjudication,
      rubrics,
      newRubric,
      rubric,
      raters,
      rater,
      agreement,
      plantedFaults,
      splits,
      gold,
      guess,
      ledger,
      people,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailure,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
})

function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
