/**
 * What this process's gateway did, as counters that a scraper reads: by project, since the process began. Each replica counts its
 * own; whoever scrapes adds them up.
 *
 * No words, no ids of conversations: names of agents and of outcomes only, so that there are few series. Policies cannot read it;
 * whoever may read the project can.
 */
import { Counter, Histogram, Registry } from 'prom-client'
import type { TurnRecord } from '../gateway/turn-record.ts'
import type { ProcessStanding } from './all-processes.ts'

export type TurnCounters = {
  readonly count: (turn: TurnRecord) => void
  /** By project, as `AggregatorRegistry` adds them up. */
  readonly counted: () => Promise<ProcessStanding['turns']>
}

/** Seconds: an answer out of a cache, to one that waited for a person. */
const TURN_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900]

type Counted = ReturnType<typeof countersOf>

export function turnCounters(): TurnCounters {
  const projects = new Map<string, Counted>()
  const counted = (projectId: string): Counted => {
    const known = projects.get(projectId)
    if (known !== undefined) return known
    const made = countersOf(new Registry())
    projects.set(projectId, made)
    return made
  }
  return {
    count(turn) {
      // What an MCP server returned: its call was counted when it was decided about.
      if (turn.steps === null && turn.rounds.length === 0) return
      const { turns, seconds, calls, tokens, failures } = counted(turn.projectId)
      const { agent, role, outcome } = turn
      turns.inc({ agent, role, outcome })
      seconds.observe({ agent }, Math.max(0, Date.parse(turn.endedAt) - Date.parse(turn.startedAt)) / 1_000)
      for (const { status, decisions, answer } of turn.rounds) {
        if (answer === null) failures.inc({ agent, status: String(status ?? 'none') })
        for (const decision of decisions) calls.inc({ agent, outcome: decision.outcome, rule: decision.rule })
        if (answer?.usage == null) continue
        tokens.inc({ agent, direction: 'input' }, answer.usage.inputTokens)
        tokens.inc({ agent, direction: 'output' }, answer.usage.outputTokens)
      }
    },
    async counted() {
      const all = [...projects].map(async ([id, { registry }]) => [id, await registry.getMetricsAsJSON()])
      return Object.fromEntries(await Promise.all(all))
    },
  }
}

function countersOf(registry: Registry) {
  const registers = [registry]
  return {
    registry,
    turns: new Counter({
      name: 'leeway_gateway_turns_total',
      help: 'Requests that were served, by what became of them and by whose grant.',
      labelNames: ['agent', 'role', 'outcome'],
      registers,
    }),
    seconds: new Histogram({
      name: 'leeway_gateway_turn_seconds',
      help: 'From a request to the end of its answer, models and people included.',
      labelNames: ['agent'],
      buckets: TURN_SECONDS,
      registers,
    }),
    calls: new Counter({
      name: 'leeway_gateway_calls_total',
      help: 'Tool calls that a model proposed, by what the contract made of them and why.',
      labelNames: ['agent', 'outcome', 'rule'],
      registers,
    }),
    tokens: new Counter({
      name: 'leeway_gateway_tokens_total',
      help: 'Tokens as upstreams counted them.',
      labelNames: ['agent', 'direction'],
      registers,
    }),
    failures: new Counter({
      name: 'leeway_gateway_upstream_failures_total',
      help: 'Answers of upstreams that were none, by HTTP status.',
      labelNames: ['agent', 'status'],
      registers,
    }),
  }
}
