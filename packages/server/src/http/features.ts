/** Every feature with routes, one line each. A new feature adds its line here and nothing else in this folder. */
import type { AccountServices } from '../accounts/account-services.ts'
import { keyRoutes } from '../accounts/key-routes.ts'
import { memberRoutes } from '../accounts/member-routes.ts'
import { providerKeyRoutes } from '../accounts/provider-key-routes.ts'
import { adjudicationRoutes } from '../adjudication/routes.ts'
import { agreementRoutes } from '../agreement/routes.ts'
import { alertRoutes } from '../alerts/routes.ts'
import { reviewRoutes } from '../assignments/routes.ts'
import { comparisonRoutes } from '../comparisons/routes.ts'
import { contractRoutes } from '../contracts/routes.ts'
import { critiqueRoutes } from '../critiques/routes.ts'
import { debateRoutes } from '../debates/routes.ts'
import { driftRoutes } from '../drift/routes.ts'
import { importRoutes, otlpRoutes } from '../episodes/import-routes.ts'
import { episodeRoutes } from '../episodes/routes.ts'
import { gatewayRoutes } from '../gateway/routes.ts'
import { holdRoutes } from '../holds/routes.ts'
import { incidentRoutes } from '../incidents/routes.ts'
import { ledgerRoutes } from '../ledger/ledger-routes.ts'
import { mcpRoutes } from '../mcp/routes.ts'
import { judgeRoutes } from '../models/routes.ts'
import { plantedFaultRoutes } from '../planted-faults/routes.ts'
import { plantedRequestRoutes } from '../planted-requests/routes.ts'
import { policyRoutes } from '../policies/routes.ts'
import { projectRoutes } from '../projects/project-routes.ts'
import { questionFormRoutes } from '../question-forms/routes.ts'
import { raterRoutes } from '../raters/routes.ts'
import { ratingRoutes } from '../ratings/routes.ts'
import { pairRoutes } from '../releases/pair-routes.ts'
import { releaseRoutes } from '../releases/routes.ts'
import { rewardRoutes } from '../rewards/routes.ts'
import { rubricDraftRoutes } from '../rubric-drafts/routes.ts'
import { rubricRoutes } from '../rubrics/routes.ts'
import { shadowRoutes } from '../shadows/routes.ts'
import { splitRoutes } from '../splits/routes.ts'
import { studyRoutes } from '../studies/routes.ts'
import { supervisorRoutes } from '../supervision/routes.ts'
import { validityRoutes } from '../validity/routes.ts'
import { vettingRoutes } from '../vetting/routes.ts'
import { watchRoutes } from '../watches/routes.ts'
import { webhookRoutes } from '../webhooks/routes.ts'
import type { Effects } from './environment.ts'
import type { FeatureRouter } from './feature-router.ts'

type FeatureRoutes = (effects: Effects, accounts: AccountServices) => FeatureRouter

/** Mounted at `/api/projects/:project`. */
export const PROJECT_FEATURES: readonly FeatureRoutes[] = [
  projectRoutes,
  memberRoutes,
  keyRoutes,
  providerKeyRoutes,
  ledgerRoutes,
  episodeRoutes,
  importRoutes,
  policyRoutes,
  releaseRoutes,
  pairRoutes,
  watchRoutes,
  incidentRoutes,
  shadowRoutes,
  contractRoutes,
  gatewayRoutes,
  mcpRoutes,
  holdRoutes,
  webhookRoutes,
  alertRoutes,
  driftRoutes,
  // Before review, whose `/review/{assignment}` would take their paths.
  vettingRoutes,
  plantedFaultRoutes,
  plantedRequestRoutes,
  debateRoutes,
  studyRoutes,
  validityRoutes,
  comparisonRoutes,
  reviewRoutes,
  critiqueRoutes,
  splitRoutes,
  questionFormRoutes,
  adjudicationRoutes,
  agreementRoutes,
  ratingRoutes,
  raterRoutes,
  rewardRoutes,
  rubricDraftRoutes,
  rubricRoutes,
  judgeRoutes,
  supervisorRoutes,
]

/** Mounted at `/v1`, where others' programs send by their own conventions; the project is the key's. */
export const PROTOCOL_FEATURES: readonly FeatureRoutes[] = [otlpRoutes]
