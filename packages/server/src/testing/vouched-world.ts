/**
 * For tests: an agent whose policies vouch for one another, over real HTTP, with a model server that does as it is told. What
 * scripted models answer proves that the parts fit together, and nothing about models.
 *
 *     const bench = await vouchedBench()                    // afterAll(bench.close)
 *     const here = await bench.world('name', { units: 120, failing: { v1: 0.5, v2: 0.2 } })
 */

import { ReleaseView } from '@leeway/contract/releases'
import { ChainView } from '@leeway/contract/supervision'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import type { Ladder, SupervisionBar } from '@leeway/core/ladder/ladder'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { and, eq } from 'drizzle-orm'
import { deriveKeys } from '../accounts/derived-keys.ts'
import { goldAnswers } from '../assignments/tables.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { episodes } from '../episodes/tables.ts'
import { answerRun } from '../models/answer-runs.ts'
import { createProject } from '../projects/create-project.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { raterTiers } from '../raters/tables.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { testDatabase } from './database.ts'
import { fakeModelServer } from './fake-model-server.ts'
import { testServer } from './test-server.ts'

const RUBRIC = 'name: desk\nquestion: Was the order sent as it was asked for?\nansweredBy: [human, model]\n'
const GOLD = 130

type Run = { readonly id: string; readonly unit: number; readonly failed: boolean }
/** What the scripted supervisor is asked about. */
type Asked = {
  readonly policy: string
  readonly unit: number
  readonly failed: boolean
  readonly planted: boolean
}

/** Shadow alone, or with a stage above it; the last one asks for supervision, so to leave it does, too. */
export function askingLadder(supervision: SupervisionBar, stages: 1 | 2): Ladder {
  return {
    ...DEFAULT_LADDER,
    stages: DEFAULT_LADDER.stages
      .slice(0, stages)
      .map((stage, index) => (index + 1 === stages ? { ...stage, supervision } : stage)),
  }
}

export async function vouchedBench() {
  const database = await testDatabase({ connectionsMax: 20 })
  const models = await fakeModelServer()
  const server = await testServer(database.db, {
    rateLimits: { address: { burst: 10_000, perMinute: 10_000 }, key: { burst: 10_000, perMinute: 10_000 } },
  })
  const { effects } = server
  const { sealingKey } = deriveKeys(new Uint8Array(32).fill(7))

  /** Lets the background do the work of a run at once. */
  const answerNow = async ({ projectId }: { readonly projectId: string }, id: string) =>
    answerRun(
      effects,
      sealingKey,
      { projectId, id },
      { stop: new AbortController().signal, wait: async () => {} },
    )

  /** `failing`: how often each policy fails; `families`: what each declares, one of its own unless said. */
  const world = async (
    slug: string,
    options: {
      readonly units: number
      readonly failing: Readonly<Record<string, number>>
      readonly families?: Readonly<Record<string, string | null>>
      readonly bar?: SupervisionBar
      readonly stages?: 1 | 2
    },
  ) => {
    const { project } = await createProject(effects, { slug, name: slug }, { actor: 'test' })
    const token = await server.key(['read', 'ingest', 'release', 'admin'], project)
    const projectId = project.id
    const send = async (path: string, json?: object) => {
      const answer = await server.request(`/api/projects/${slug}${path}`, {
        token,
        ...(json === undefined ? {} : { json }),
      })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    }
    const ask = async <Body = Record<string, string>>(path: string, json?: object): Promise<Body> => {
      const { status, body } = await send(path, json)
      if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
      return body as Body
    }
    const random = seededRandom(5)
    const policies: Record<string, { readonly id: string; readonly runs: readonly Run[] }> = {}
    for (const [policy, rate] of Object.entries(options.failing)) {
      const family =
        options.families?.[policy] === undefined ? `family of ${policy}` : options.families[policy]
      const { id } = await ask('/policies', {
        agent: 'desk',
        name: policy,
        config: family === null ? {} : { family },
      })
      const failed = Array.from({ length: options.units }, () => random() < rate)
      const sent = await server.request(`/api/projects/${slug}/episodes/import?policyId=${id}`, {
        token,
        body: failed
          .map((isFailure, unit) =>
            episodeLine(
              sampleEpisode(unit, {
                steps: [
                  sampleStep(0),
                  sampleStep(1, {
                    content: `Order ${unit} of ${policy}: ${isFailure ? 'nothing' : 'all of it'} has been sent as you asked. END`,
                  }),
                ],
                outcome: { success: null, severe: false, detail: null },
              }),
            ),
          )
          .join('\n'),
        headers: { 'content-type': 'application/octet-stream' },
      })
      if (!(await sent.text()).includes('"refused":0')) throw new Error('episodes were refused')
      const rows = await database.db
        .select({ id: episodes.id, unitKey: episodes.unitKey })
        .from(episodes)
        .where(and(eq(episodes.projectId, projectId), eq(episodes.policyId, id ?? '')))
      policies[policy] = {
        id: id ?? '',
        runs: rows.map((row) => {
          const unit = Number(row.unitKey?.split('-').at(-1))
          return { id: row.id, unit, failed: failed[unit] === true }
        }),
      }
    }
    const rubric = (await ask('/rubrics', { agent: 'desk', source: RUBRIC })).id ?? ''
    const { nodes } = await ask<{ nodes: { criterion: { sha256: string; id: string } }[] }>(
      `/rubrics/${rubric}`,
    )
    const { sha256 = '', id: criterion = '' } = nodes[0]?.criterion ?? {}
    await ask('/ladders', {
      agent: 'desk',
      ladder: askingLadder(options.bar ?? { catchMin: 0.6, auditShareMin: 0.05 }, options.stages ?? 2),
    })
    const maySpend = async (usdPerDay: number) => {
      await server.request(`/api/projects/${slug}/judges/spend`, {
        token,
        method: 'PUT',
        json: { usdPerDay },
      })
    }
    await maySpend(100)
    const first = Object.keys(options.failing)[0] ?? ''
    await ask('/anchors', { agent: 'desk', policy: first, evidence: 'years of use' })

    const person = async (name: string) => {
      const row = await ensureRater(effects.db, effects, projectId, { kind: 'human', name, family: 'people' })
      await effects.db.insert(raterTiers).values({
        projectId,
        raterId: row.id,
        id: effects.newId(),
        tier: 'vetted',
        reason: 'for the test',
        actor: 'person:ada',
        at: effects.now(),
      })
      return row.id
    }
    /** A person who is always right. */
    const audit = async (raterId: string, seen: readonly Pick<Run, 'id' | 'failed'>[]) => {
      await insertRatings(
        effects.db,
        seen.map(({ id, failed }) => ({
          projectId,
          id: effects.newId(),
          episodeId: id,
          criterionSha256: sha256,
          raterId,
          kind: 'answered',
          value: failed ? 'no' : 'yes',
          comment: '',
          evidence: [],
          flagged: false,
          assistance: 'none',
          commitKey: effects.newId(),
          committedAt: effects.now(),
        })),
      )
    }
    /** Known answers that measure, all of them met by the person: without them nothing is promoted. */
    const measured = async (raterId: string) => {
      const at = effects.now()
      const items = Array.from({ length: 2 * GOLD }, (_, index) => ({
        id: effects.newId(),
        failed: index < GOLD,
      }))
      await effects.db.insert(goldAnswers).values(
        items.map(({ id, failed }) => ({
          projectId,
          episodeId: id,
          criterionSha256: sha256,
          value: failed ? 'no' : 'yes',
          part: 'measure',
          actor: 'person:ada',
          at,
        })),
      )
      await audit(raterId, items)
    }
    const declare = async (name: string, more: object = {}) =>
      (
        await ask('/judges', {
          name,
          provider: 'openai-compatible',
          model: name,
          family: `family of ${name}`,
          baseUrl: models.url,
          usdPerMillion: { input: 0, output: 0 },
          timeoutSeconds: 5,
          ...more,
        })
      ).id ?? ''
    const register = async (raterId: string, policy: string, roles: readonly string[] = ['rater']) =>
      ask('/supervisors', {
        rater: raterId,
        policy: policies[policy]?.id,
        roles,
        reason: 'it runs this policy',
      })
    /** Asks the supervisor, and lets the background do its work at once. */
    const supervise = async (raterId: string, policy: string, more: object = {}) => {
      const run = await ask(`/supervisors/${raterId}/runs`, { policy: policies[policy]?.id, rubric, ...more })
      await answerNow({ projectId }, String(run.id))
      return run
    }
    /** Faults in so many sound episodes of the policy, looked at and accepted. */
    const plant = async (policy: string, count: number) => {
      const sound = (policies[policy]?.runs ?? []).filter(({ failed }) => !failed).slice(0, count)
      const made = await ask<{ planted: { id: string }[] }>('/planted-faults', {
        rubric,
        criterion,
        operator: 'invent-fact',
        value: 'no',
        episodes: sound.map(({ id }) => id),
      })
      for (const { id } of made.planted)
        await ask(`/planted-faults/${id}/review`, { accepted: true, reason: 'a real fault' })
      return made.planted.map(({ id }) => id)
    }
    const start = async (baseline: string, candidate: string, more: object = {}) =>
      send('/releases', {
        agent: 'desk',
        baseline,
        candidate,
        truth: { kind: 'criterion', rubric },
        ...more,
      })
    const check = async (release: string) => ReleaseView.parse(await ask(`/releases/${release}/check`, {}))
    const chain = async (release: string) => ChainView.parse(await ask(`/releases/${release}/chain`))
    const approve = async (release: string, checkId: string) =>
      send(`/releases/${release}/approve`, { checkId, reason: 'read it', approver: 'Ada' })
    return {
      projectId,
      slug,
      token,
      policies,
      rubric,
      criterion,
      sha256,
      send,
      ask,
      person,
      audit,
      measured,
      declare,
      register,
      supervise,
      plant,
      start,
      check,
      chain,
      approve,
      maySpend,
    }
  }

  /** From now on the model says "no" where `flags` says so, and "yes" elsewhere. */
  const answers = (flags: (asked: Asked) => boolean) =>
    models.otherwise(({ text }) => {
      const said = /Order (\d+) of (\S+): (nothing|all of it) has been sent as you asked\. END(.*)/.exec(text)
      const [, unit, policy = '', sent, rest = ''] = said ?? []
      const asked = { unit: Number(unit), policy, failed: sent === 'nothing', planted: rest.trim() !== '' }
      return { kind: 'answer', answer: flags(asked) ? 'no' : 'yes' }
    })

  return {
    db: database.db,
    effects,
    models,
    world,
    answers,
    answerRun: answerNow,
    close: async () => {
      await server.close()
      await models.close()
      await database.close()
    },
  }
}

export type VouchedWorld = Awaited<ReturnType<Awaited<ReturnType<typeof vouchedBench>>['world']>>

export function runsOf({ policies }: VouchedWorld, ...names: readonly string[]) {
  return names.flatMap((name) => policies[name]?.runs ?? [])
}

/** Its id; throws with what was answered where it does not start. */
export async function startedRelease(
  here: VouchedWorld,
  ...args: Parameters<VouchedWorld['start']>
): Promise<string> {
  const { status, body } = await here.start(...args)
  if (status !== 201) throw new Error(JSON.stringify(body))
  return String(body.id)
}
