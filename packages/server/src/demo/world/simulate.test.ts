import { type Json, STAKES, STEP_KINDS } from '@leeway/core/episodes/episode'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TWISTS } from './draw-part.ts'
import { drawRequest, requestFacts } from './draw-request.ts'
import { judgeOutcome } from './outcome.ts'
import { carefulV2 } from './policies/careful-v2.ts'
import { HELP_DESK_POLICIES } from './policies/help-desk-policies.ts'
import type { Policy } from './policies/policy.ts'
import { simulateEpisode } from './simulate.ts'
import type { ToolArguments } from './tool.ts'
import { callTool, TOOLS } from './tools.ts'

const startedAt = '2026-01-05T09:00:00.000Z'
const anyPolicy = fc.constantFrom(...HELP_DESK_POLICIES)
const anyTask = fc.nat({ max: 50_000 }).map((task) => `task-${task}`)

describe('simulateEpisode', () => {
  it('is a function of its arguments', () => {
    fc.assert(
      fc.property(anyPolicy, anyTask, (policy, taskKey) => {
        const again = { policy, taskKey, seed: 'demo', startedAt }
        expect(simulateEpisode(again)).toEqual(simulateEpisode(again))
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('writes valid steps: ordinals from 0, a clock that adds up, calls joined with results, JSON only', () => {
    fc.assert(
      fc.property(anyPolicy, anyTask, (policy, taskKey) => {
        const episode = simulateEpisode({ policy, taskKey, seed: 'steps', startedAt })
        let clock = Date.parse(startedAt)
        for (const [ordinal, step] of episode.steps.entries()) {
          expect(step.ordinal).toBe(ordinal)
          expect(STEP_KINDS).toContain(step.kind)
          expect(Date.parse(step.startedAt ?? '')).toBe(clock)
          clock += step.durationMs ?? Number.NaN
          if (step.kind === 'tool_call') {
            const result = episode.steps[ordinal + 1]
            expect([result?.kind, result?.name, result?.callId]).toEqual([
              'tool_result',
              step.name,
              step.callId,
            ])
          }
          if (step.kind === 'user' || step.kind === 'assistant')
            if (typeof step.content === 'string')
              expect(step.content).not.toMatch(/undefined|null|NaN|\[object/)
        }
        expect(clock - Date.parse(startedAt)).toBe(episode.durationMs)
        expect(JSON.parse(JSON.stringify(episode))).toEqual(episode)
      }),
      { numRuns: 300, seed: 2 },
    )
  })

  it('asks every policy the same: equal first message and task, so that episodes of one task are pairs', () => {
    for (let task = 0; task < 50; task++) {
      const episodes = HELP_DESK_POLICIES.map((policy) =>
        simulateEpisode({ policy, taskKey: `task-${task}`, seed: 'demo', startedAt }),
      )
      const facts = new Set(
        episodes.map(({ outcome }) => {
          const { horizon, stakes, parts } = outcome.detail as { [key: string]: Json }
          return JSON.stringify([horizon, stakes, parts])
        }),
      )
      expect(facts.size).toBe(1)
      expect(new Set(episodes.map((episode) => episode.sourceId)).size).toBe(HELP_DESK_POLICIES.length)
      expect(new Set(episodes.map((episode) => episode.instructions)).size).toBe(1)
    }
  })

  it('marks the episode as simulated and declares the policy completely', () => {
    const episode = simulateEpisode({ policy: carefulV2, taskKey: 'task-1', seed: 'demo', startedAt })
    expect(episode).toMatchObject({
      agentName: 'help-desk',
      policyName: 'careful-v2',
      policyConfig: carefulV2.config,
      taskKey: 'task-1',
      userKey: null,
      sessionKey: null,
      outcome: { detail: { simulated: true } },
    })
  })

  it('refuses a start that is no time, and an empty task key', () => {
    const policy = carefulV2
    expect(() => simulateEpisode({ policy, taskKey: 't', seed: 's', startedAt: 'soon' })).toThrow(
      'startedAt: expected',
    )
    expect(() => simulateEpisode({ policy, taskKey: '', seed: 's', startedAt })).toThrow('taskKey: expected')
  })
})

describe('the outcome', () => {
  it('is a function of the store: replaying the recorded calls on a fresh store gives equal results and outcome', () => {
    fc.assert(
      fc.property(anyPolicy, anyTask, (policy, taskKey) => {
        const { steps, outcome } = simulateEpisode({ policy, taskKey, seed: 'replay', startedAt })
        const { request, store } = drawRequest(taskKey, 'replay')
        for (const [ordinal, step] of steps.entries()) {
          if (step.kind !== 'tool_call') continue
          const result = callTool(store, step.name!, step.content as ToolArguments)
          const recorded = steps[ordinal + 1]!
          if (result.ok) expect(result.value).toEqual(recorded.content)
          else expect(`${result.code}: ${result.message}`).toBe(recorded.error)
        }
        expect(judgeOutcome(request, drawRequest(taskKey, 'replay').store, store)).toEqual(outcome)
      }),
      { numRuns: 1_000, seed: 3 },
    )
  })

  it('can be met: an agent with every check and ample limits fails only where it locks an order too early', () => {
    const thorough: Policy = {
      name: 'thorough',
      config: {
        ...carefulV2.config,
        checks: { ...carefulV2.config.checks, orderDate: true },
        limits: {
          ...carefulV2.config.limits,
          partsPerMessage: 9,
          revisionsMax: 9,
          alternativesMax: 9,
          customerTurnsMax: 99,
        },
      },
    }
    const seen = new Set<string>()
    let failures = 0
    for (let task = 0; task < 3_000; task++) {
      const { outcome } = simulateEpisode({
        policy: thorough,
        taskKey: `task-${task}`,
        seed: 'thorough',
        startedAt,
      })
      const { parts } = outcome.detail as { readonly parts: readonly string[] }
      for (const part of parts) seen.add(part)
      expect(outcome.severe).toBe(false)
      if (outcome.success === 1) continue
      failures += 1
      expect(parts, `task-${task}: ${JSON.stringify(outcome.detail)}`).toContain(
        'same-order:refund-after-exchange',
      )
    }
    expect(failures).toBeGreaterThan(0)
    const all = Object.entries(TWISTS).flatMap(([act, twists]) => twists.map((twist) => `${act}:${twist}`))
    expect(all.filter((twist) => !seen.has(twist))).toEqual([])
  })
})

describe('requestFacts', () => {
  it('agrees with the episodes: short is one part in 1 to 4 messages or so, long is 2 to 4 parts', () => {
    const turns = { short: [] as number[], long: [] as number[] }
    const stakes = new Set<string>()
    for (let task = 0; task < 1_000; task++) {
      const taskKey = `task-${task}`
      const facts = requestFacts(taskKey, 'facts')
      const episode = simulateEpisode({ policy: carefulV2, taskKey, seed: 'facts', startedAt })
      const detail = episode.outcome.detail as { [key: string]: Json }
      expect(facts).toEqual({ horizon: detail.horizon, stakes: detail.stakes })
      const parts = (detail.parts as readonly string[]).length
      expect(facts.horizon === 'short' ? parts === 1 : parts >= 2 && parts <= 4).toBe(true)
      turns[facts.horizon].push(episode.steps.filter((step) => step.kind === 'user').length)
      stakes.add(facts.stakes)
    }
    const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length
    expect(mean(turns.short)).toBeLessThan(4)
    expect(mean(turns.long)).toBeGreaterThan(6)
    expect(stakes).toEqual(new Set(STAKES))
  })

  it('bounds what is done: no call of a careful policy has higher stakes than its request', () => {
    for (let task = 0; task < 500; task++) {
      const taskKey = `task-${task}`
      const limit = STAKES.indexOf(requestFacts(taskKey, 'bounds').stakes)
      const { steps } = simulateEpisode({ policy: carefulV2, taskKey, seed: 'bounds', startedAt })
      for (const step of steps) {
        if (step.kind !== 'tool_call' || TICKET_TOOLS.includes(step.name!)) continue
        expect(STAKES.indexOf(TOOLS.get(step.name!)!.stakes)).toBeLessThanOrEqual(limit)
      }
    }
  })
})

/** Part of every episode, whatever was asked. */
const TICKET_TOOLS = ['close_ticket', 'escalate_to_person', 'add_note']
