/** Who looks follows a plan of the question: made from known answers, drawn alike for audits and known ones, never changed. */
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openAssignments } from '../assignments/open-assignments.ts'
import { assignmentPurposes, assignments, goldAnswers } from '../assignments/tables.ts'
import { ledgerEntries } from '../ledger/tables.ts'
import { policies } from '../policies/tables.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { measureGold } from '../releases/criterion-labels.ts'
import { openAudits } from '../releases/open-audits.ts'
import { type CriterionTruth, truthOf } from '../releases/truth.ts'
import { type TestDatabase, type TestEffects, testDatabase, testEffects } from '../testing/database.ts'
import {
  measureGoldItems,
  rater,
  record,
  type Skill,
  start,
  type World,
  world,
} from '../testing/rated-world.ts'
import type { WhoLooks } from './make-plan.ts'
import { lookDraws, lookPlans } from './tables.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const VETTED: Skill = { sensitivity: 0.6, specificity: 0.95 }
const EXPERT: Skill = { sensitivity: 0.97, specificity: 0.97 }

/** Known answers that may be learnt from, and what these people said to them, each in so many seconds. */
async function learnt(
  effects: TestEffects,
  here: World,
  people: readonly { readonly id: string; readonly skill: Skill; readonly seconds: number }[],
  each = 40,
) {
  const { projectId, agentId, arms, sha256 } = here
  const random = seededRandom(3)
  const items = Array.from({ length: 2 * each }, (_, index) => ({
    id: effects.newId(),
    failed: index < each,
  }))
  await record(effects, { projectId, agentId, policyId: arms.old.policyId }, items)
  await effects.db.insert(goldAnswers).values(
    items.map(({ id, failed }) => ({
      projectId,
      episodeId: id,
      criterionSha256: sha256,
      value: failed ? 'no' : 'yes',
      part: 'fit',
      actor: 'person:ada',
      at: effects.now(),
    })),
  )
  for (const { id: raterId, skill, seconds } of people)
    await insertRatings(
      effects.db,
      items.map(({ id, failed }) => ({
        projectId,
        id: effects.newId(),
        episodeId: id,
        criterionSha256: sha256,
        raterId,
        kind: 'answered',
        value: (failed ? random() < skill.sensitivity : random() >= skill.specificity) ? 'no' : 'yes',
        comment: '',
        evidence: [],
        flagged: false,
        assistance: 'none',
        commitKey: effects.newId(),
        startedAt: new Date(effects.now().getTime() - seconds * 1_000),
        committedAt: effects.now(),
      })),
    )
}

type Said = { readonly id: string; readonly assignmentId?: string }
/** "Yes" to each, as if it had been asked. */
const say = async (effects: TestEffects, here: World, raterId: string, items: readonly Said[]) =>
  items.length === 0
    ? []
    : insertRatings(
        effects.db,
        items.map(({ id, assignmentId = null }) => ({
          projectId: here.projectId,
          id: effects.newId(),
          episodeId: id,
          criterionSha256: here.sha256,
          raterId,
          assignmentId,
          kind: 'answered',
          value: 'yes',
          comment: '',
          evidence: [],
          flagged: false,
          assistance: 'none',
          commitKey: effects.newId(),
          committedAt: effects.now(),
        })),
      )

const STAGE = DEFAULT_LADDER.stages[0]?.name ?? ''
const ALLOCATED = { auditShare: 0.3, auditsBy: 'allocation' } as const
const plansOf = ({ projectId }: World) =>
  database.db.select().from(lookPlans).where(eq(lookPlans.projectId, projectId))

/** What the ledger says of the newest start. */
async function told({ projectId }: World): Promise<WhoLooks | undefined> {
  const rows = await database.db
    .select()
    .from(ledgerEntries)
    .where(and(eq(ledgerEntries.projectId, projectId), eq(ledgerEntries.action, 'release.started')))
    .orderBy(ledgerEntries.seq)
  return (rows.at(-1)?.body as { evidence: { whoLooks?: WhoLooks } } | undefined)?.evidence.whoLooks
}

async function drawnWorld(name: string, seconds = { vetted: 60, expert: 60 }) {
  const effects = testEffects(database.db, { seed: name })
  const here = await world(effects, { old: 0.2, candidate: 0.1, units: 300, seed: 41 })
  const vetted = await rater(effects, here, 'Vera', 'vetted')
  const expert = await rater(effects, here, 'Ed', 'expert')
  await learnt(effects, here, [
    { id: vetted, skill: VETTED, seconds: seconds.vetted },
    { id: expert, skill: EXPERT, seconds: seconds.expert },
  ])
  return { effects, here, vetted, expert }
}

describe('a plan', () => {
  test('keeps four fifths for the tier that tells most for its minutes, in a row and in the ledger', async () => {
    const { effects, here } = await drawnWorld('best')
    await measureGoldItems(effects, here, 30)
    const release = await start(effects, here, ALLOCATED)
    expect(await plansOf(here)).toMatchObject([
      {
        criterionSha256: here.sha256,
        releaseId: release.id,
        groups: [
          { name: 'anyone', probability: 0.1 },
          { name: 'vetted', probability: 0.1 },
          { name: 'expert', probability: 0.8 },
        ],
        help: null,
        evidence: { tiers: [{ faults: 80, sound: 80 }, { faults: 40 }, { faults: 40, minutes: 1 }] },
      },
    ])
    const [plan] = await plansOf(here)
    expect(await told(here)).toMatchObject({ plan: plan?.id, made: true, why: '' })
  })

  test('follows the minutes: an expert who takes ten times as long is left to the fifth', async () => {
    const { effects, here } = await drawnWorld('slow', { vetted: 30, expert: 300 })
    await start(effects, here, { ...ALLOCATED, labelError: 'none' })
    const [plan] = await plansOf(here)
    const groups = plan?.groups as { name: string; probability: number }[]
    expect(groups.find(({ name }) => name === 'expert')?.probability).toBe(0.1)
  })

  test('draws for audits and known answers alike, each with its probability, and only those measure', async () => {
    const { effects, here, vetted } = await drawnWorld('alike')
    const { projectId } = here
    await measureGoldItems(effects, here, 50)
    const release = await start(effects, here, ALLOCATED)
    const shares = { audit: [] as boolean[], gold: [] as boolean[] }
    const said = new Set<string>()
    // Of the known ones a few are open at a time: those are answered, and the next are opened.
    for (let round = 0; round < 5; round++) {
      await database.db.transaction((tx) => openAudits(tx, effects, release, STAGE))
      const open = await database.db
        .select({
          id: assignments.id,
          episodeId: assignments.episodeId,
          draw: lookDraws,
          purpose: assignmentPurposes.purpose,
        })
        .from(assignments)
        .innerJoin(assignmentPurposes, eq(assignmentPurposes.assignmentId, assignments.id))
        .leftJoin(lookDraws, eq(lookDraws.assignmentId, assignments.id))
        .where(eq(assignments.projectId, projectId))
      for (const { draw } of open) {
        const [plan] = await plansOf(here)
        expect(draw).toMatchObject({ planId: plan?.id })
        expect(draw?.probability).toBe(draw?.raterGroup === 'expert' ? 0.8 : 0.1)
      }
      for (const kind of ['audit', 'gold'] as const)
        shares[kind] = open
          .filter(({ purpose }) => purpose === kind)
          .map(({ draw }) => draw?.raterGroup === 'expert')
      await say(
        effects,
        here,
        vetted,
        open.flatMap(({ id, episodeId }) => (said.has(id) ? [] : [{ id: episodeId, assignmentId: id }])),
      )
      for (const { id } of open) said.add(id)
    }
    const rate = (kind: 'audit' | 'gold') => shares[kind].filter((one) => one).length / shares[kind].length
    expect(shares.gold).toHaveLength(100)
    expect(shares.audit.length).toBeGreaterThan(100)
    // Four standard errors of the smaller sample.
    for (const kind of ['audit', 'gold'] as const) expect(Math.abs(rate(kind) - 0.8)).toBeLessThan(0.16)
    const truth = truthOf(release) as CriterionTruth
    const { faults, sound } = await measureGold(database.db, projectId, truth)
    expect(faults + sound).toBe(shares.gold.length)
    // What is answered without having been drawn, as by an import, measures nothing.
    const unasked = await measureGoldItems(effects, here, 5)
    await say(effects, here, vetted, unasked)
    expect(await measureGold(database.db, projectId, truth)).toMatchObject({ faults, sound })
  })

  test('what somebody says who met a known answer in secret measures nothing, though it was drawn for another', async () => {
    const { effects, here, vetted, expert } = await drawnWorld('secret')
    const { projectId, rubric: rubricId, sha256: criterionSha256 } = here
    await measureGoldItems(effects, here, 50)
    const release = await start(effects, here, ALLOCATED)
    await database.db.transaction((tx) => openAudits(tx, effects, release, STAGE))
    const [one, other] = await database.db
      .select({ id: assignments.id, episodeId: assignments.episodeId })
      .from(assignments)
      .innerJoin(assignmentPurposes, eq(assignmentPurposes.assignmentId, assignments.id))
      .where(and(eq(assignments.projectId, projectId), eq(assignmentPurposes.purpose, 'gold')))
    if (one === undefined || other === undefined) throw new Error('two are opened at once')
    // As for those who are vetted (vetting/vet-raters.ts): beside the one that is kept for a tier.
    const wanted = { rubricId, criterionSha256, answersWanted: 0, purpose: 'gold' as const }
    await database.db.transaction((tx) =>
      openAssignments(tx, effects, projectId, { ...wanted, episodeIds: [one.episodeId] }),
    )
    const [secret] = await database.db
      .select()
      .from(assignments)
      .where(and(eq(assignments.episodeId, one.episodeId), eq(assignments.answersWanted, 0)))
    await say(effects, here, vetted, [{ id: one.episodeId, assignmentId: secret?.id ?? '' }])
    const counted = async () => {
      const { faults, sound } = await measureGold(database.db, projectId, truthOf(release) as CriterionTruth)
      return faults + sound
    }
    expect(await counted()).toBe(0)
    await say(effects, here, expert, [{ id: other.episodeId, assignmentId: other.id }])
    expect(await counted()).toBe(1)
  })
})

describe('no plan is made', () => {
  const kept = async (here: World) => {
    expect(await plansOf(here)).toEqual([])
    const said = await told(here)
    expect(said).toMatchObject({ plan: null, made: false, groups: [{ name: 'anyone', probability: 1 }] })
    return said?.why
  }

  test('where audits are not allocated', async () => {
    const { effects, here } = await drawnWorld('share')
    await start(effects, here, { auditShare: 0.3, labelError: 'none' })
    expect(await plansOf(here)).toEqual([])
    expect(await told(here)).toBeUndefined()
  })

  test('where too little is known of the raters', async () => {
    const effects = testEffects(database.db, { seed: 'unknown' })
    const here = await world(effects, { old: 0.2, candidate: 0.1, units: 60, seed: 41 })
    const vetted = await rater(effects, here, 'Vera', 'vetted')
    await learnt(effects, here, [{ id: vetted, skill: VETTED, seconds: 60 }], 10)
    await start(effects, here, { ...ALLOCATED, labelError: 'none' })
    expect(await kept(here)).toContain('fewer than 20 known failures')
  })

  test('where episodes of the release were asked about before', async () => {
    const { effects, here, vetted } = await drawnWorld('asked')
    await say(effects, here, vetted, here.arms.old.episodes.slice(0, 1))
    await start(effects, here, { ...ALLOCATED, labelError: 'none' })
    expect(await kept(here)).toBe('episodes of this release were asked about before')
  })

  test('where more known answers that measure would be lost than are left', async () => {
    const { effects, here, vetted } = await drawnWorld('lost')
    const gold = await measureGoldItems(effects, here, 20)
    await say(effects, here, vetted, gold.slice(0, 25))
    await start(effects, here, ALLOCATED)
    expect(await kept(here)).toBe('of the known answers that measure, 25 were met before and 15 are left')
  })

  test('where another release by the question is open; what stands goes on', async () => {
    const { effects, here } = await drawnWorld('twin')
    const { projectId, agentId, arms } = here
    await start(effects, here, { ...ALLOCATED, labelError: 'none' })
    const [standing] = await plansOf(here)
    const third = effects.newId()
    await effects.db.insert(policies).values({
      projectId,
      id: third,
      agentId,
      name: 'third',
      configSha256: third,
      config: {},
      declared: true,
      createdAt: effects.now(),
    })
    await record(
      effects,
      { projectId, agentId, policyId: third },
      arms.old.episodes.map((_, index) => ({ id: effects.newId(), unit: `task:${index}` })),
    )
    await start(effects, here, { ...ALLOCATED, labelError: 'none', candidate: 'third' })
    expect(await plansOf(here)).toHaveLength(1)
    expect(await told(here)).toMatchObject({
      plan: standing?.id,
      made: false,
      why: 'another release by this question is open',
    })
  })
})
