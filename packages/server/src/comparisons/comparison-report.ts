/** What the answers to one question come to. For those who may read everything: raters are told none of it. */
import type { ComparisonReport } from '@leeway/contract/comparisons'
import { insufficient } from '@leeway/core/numeric/insufficient'
import { describeHabits, describePreference } from '@leeway/core/pairwise/describe-preference'
import {
  NULL_RATERS,
  type NullRater,
  type PreferenceReport,
  preferenceReport,
} from '@leeway/core/pairwise/preference-report'
import { sql } from 'drizzle-orm'
import { measured } from '../agreement/measured.ts'
import type { Executor } from '../db/connect.ts'
import { requireCompared } from './compared-questions.ts'
import { type ModelState, modelStates } from './model-states.ts'
import { isOfQuestion, type Question, type RecordedAnswer, recordedAnswers } from './recorded-answers.ts'
import { isStanding } from './standing-answers.ts'

/** Said wherever preferences are shown: the gate's truth is yes or no, and being liked is neither. */
const NO_GATE = 'Preferences say which is liked more, not whether either is right: they never enter a gate.'

export async function comparisonReport(
  effects: Parameters<typeof modelStates>[0],
  question: Question,
): Promise<ComparisonReport> {
  const { db } = effects
  const compared = await requireCompared(db, question)
  const answers = await recordedAnswers(db, question)
  const report = preferenceReport(answers)
  return {
    ...compared,
    ...(await skipsAndFlags(db, question)),
    answers: report.answers,
    raters: report.raters,
    units: report.units,
    ties: report.ties,
    words: [...report.policies.map(describePreference), ...describeHabits(report), NO_GATE],
    policies: report.policies.map((one) => ({
      better: one.better,
      worse: one.worse,
      sentence: describePreference(one),
      answers: one.answers,
      pairs: one.pairs,
      ties: one.ties,
      people: measured(one.people),
      models: one.models.map(({ rater, share }) => ({
        rater: nameOf(answers, rater),
        share: measured(share),
      })),
      nulls: nullsView(one.nulls),
    })),
    nullsAgree: nullsView(report.nullsAgree),
    strengths: strengthsView(report.strengths),
    people: await peopleView(db, question, answers, report),
    models: modelsView(answers, report, await modelStates(effects, question)),
  }
}

const nullsView = (shares: PreferenceReport['nullsAgree']) =>
  Object.fromEntries(NULL_RATERS.map((rater) => [rater, measured(shares[rater])])) as Record<
    NullRater,
    ReturnType<typeof measured>
  >

function nameOf(answers: readonly RecordedAnswer[], rater: string): string {
  return answers.find((one) => one.rater === rater)?.raterName ?? rater
}

function strengthsView(fit: PreferenceReport['strengths']): ComparisonReport['strengths'] {
  if (fit.kind === 'insufficient') return { insufficient: fit.reason, groups: [], shownLeft: null }
  const [side] = fit.effects
  return {
    insufficient: null,
    groups: fit.components.flat().map((group) =>
      group.map(({ name, rating, rank, comparisons }) => ({
        policy: name,
        rating: measured(rating),
        rank,
        answers: comparisons,
      })),
    ),
    shownLeft: side === undefined ? null : measured(side),
  }
}

async function peopleView(
  db: Executor,
  question: Question,
  answers: readonly RecordedAnswer[],
  { strengths }: PreferenceReport,
): Promise<ComparisonReport['people']> {
  const known = await knownRecords(db, question)
  const own = answers.filter(({ kind }) => kind === 'human')
  const reliability = new Map(
    strengths.kind === 'fit' ? strengths.raters.map((rater) => [rater.name, rater]) : [],
  )
  const names = new Map(own.map(({ rater, raterName }) => [rater, raterName]))
  for (const [rater, { name }] of known) names.set(rater, name)
  return [...names]
    .map(([rater, name]) => ({
      rater: name,
      answers: own.filter((one) => one.rater === rater).length,
      reliability: measured(
        reliability.get(rater) ?? insufficient('it takes answers of several people to two policies'),
      ),
      known: known.get(rater)?.known ?? 0,
      knownRight: known.get(rater)?.right ?? 0,
    }))
    .sort((a, b) => b.answers - a.answers || (a.rater < b.rater ? -1 : 1))
}

function modelsView(
  answers: readonly RecordedAnswer[],
  report: PreferenceReport,
  states: readonly ModelState[],
): ComparisonReport['models'] {
  const records = new Map(report.models.map((model) => [model.rater, model]))
  const asked = new Map(states.map((state) => [state.raterId, state]))
  const none = insufficient('it has not answered yet')
  return [...new Set([...asked.keys(), ...records.keys()])].map((rater) => {
    const record = records.get(rater)
    return {
      rater: asked.get(rater)?.name ?? nameOf(answers, rater),
      pairs: record?.pairs ?? 0,
      flipped: measured(record?.flipped ?? none),
      withPeople: measured(record?.withPeople ?? none),
      waiting: asked.get(rater)?.waiting ?? null,
      costUsd: asked.get(rater)?.costUsd ?? null,
    }
  })
}

async function skipsAndFlags(db: Executor, question: Question) {
  const { rows } = await db.execute<{ skipped: number; flagged: number }>(sql`
    select (count(*) filter (where said.kind = 'abstained'))::int as skipped,
      (count(*) filter (where said.flagged))::int as flagged
    from comparison_pairs pairs
    join comparison_answers said on said.project_id = pairs.project_id and said.pair_id = pairs.id
    join raters on raters.project_id = said.project_id and raters.id = said.rater_id and raters.kind = 'human'
    where ${isOfQuestion(question)} and ${isStanding}`)
  return rows[0] ?? { skipped: 0, flagged: 0 }
}

/** What people said of pairs whose better run is known. "Equal" is not right. */
async function knownRecords(
  db: Executor,
  question: Question,
): Promise<ReadonlyMap<string, { readonly name: string; readonly known: number; readonly right: number }>> {
  const { rows } = await db.execute<{ rater: string; name: string; known: number; right: number }>(sql`
    select said.rater_id as rater, raters.name, count(*)::int as known, (count(*) filter (
      where said.value = case when said.left_episode_id = known.better_episode_id then 'left' else 'right' end))::int as right
    from comparison_pairs pairs
    join comparison_known known on known.project_id = pairs.project_id and known.pair_id = pairs.id
    join comparison_answers said on said.project_id = pairs.project_id and said.pair_id = pairs.id
    join raters on raters.project_id = said.project_id and raters.id = said.rater_id and raters.kind = 'human'
    where ${isOfQuestion(question)} and said.kind = 'answered' and ${isStanding}
    group by said.rater_id, raters.name`)
  return new Map(rows.map(({ rater, name, known, right }) => [rater, { name, known, right }]))
}
