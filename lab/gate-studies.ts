/** Studies of the gate: how often it errs, and what it takes to decide. */
import { fileURLToPath } from 'node:url'
import { gateError, tableOf } from './studies/gate-error.ts'
import { FULL, gateValidity, gateValidityBeside, SHORT } from './studies/gate-validity.ts'
import { brokenGateTable, gateValidityBroken } from './studies/gate-validity-broken.ts'
import { horizon, horizonTable } from './studies/horizon.ts'
import { coverageTable, intervalCoverage } from './studies/interval-coverage.ts'
import { labelsTable, labelsToPromote } from './studies/labels-to-promote.ts'
import { chainTable, marginBudget } from './studies/margin-budget.ts'
import { pairAuditsStudy, pairAuditsTable } from './studies/pair-audits.ts'
import { plantedFailures, plantedHarm, plantedHarmTable } from './studies/planted-harm.ts'
import { power, powerTable } from './studies/power.ts'
import { powerDrawn, powerDrawnTable } from './studies/power-drawn.ts'
import type { Call, Study } from './study.ts'

export const GATE_STUDIES: Readonly<Record<string, Study>> = {
  'gate-error': {
    about: {
      input: 'simulated',
      parameters:
        'lab/studies/gate-error.ts: baseline 15 %, margin 5 points, alpha 5 %, 2,000 units, ten designs, and two worlds more',
      oracle: 'a test that knows the law errs in exactly alpha of the runs',
      naive: 'a z test at 1.645, looked at after every 50 units',
      loses: 'units that come ten alike and are played one by one',
      family: 'one world draws baseline, margin and missing labels anew in each run',
    },
    run: ({ short }) => tableOf(gateError(short ? { runs: 500, units: 600 } : { runs: 4000, units: 2000 })),
  },
  'gate-validity': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/gate-validity-world.ts and gate-validity-grid.ts; every cell is in the table',
      oracle: 'alpha itself: the candidate is at the margin, and any decision is an error',
      naive: 'the faults that gate-validity-beside plants into the gate',
      loses: 'the worlds of gate-validity-broken, each of which breaks an assumption that all cells keep',
      family: '228 cells: base rates, margins, judges, audit budgets, missing labels',
    },
    run: (call) => gateValidity(call.short ? SHORT : FULL, gridWork(call)),
  },
  'gate-validity-beside': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/gate-validity-label-error.ts and gate-validity-climb.ts',
      oracle: 'the error of the labels known exactly (J known)',
      naive: 'labels taken at their word; a gate with a rule broken on purpose',
      loses: 'a candidate that hides its faults from the labels, with one error assumed for both arms',
      family: 'label errors, modes and climbs are swept; each run draws its gold anew',
    },
    run: ({ short }) => gateValidityBeside(short ? SHORT : FULL),
  },
  'gate-validity-broken': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/gate-validity-broken.ts: 3,000 pairs that people label, alpha 5 %',
      oracle: 'alpha itself: the candidate is at the margin, and any promotion is an error',
      naive: 'a z test at 1.645, once, after all pairs',
      loses:
        'pairs alike that are played one by one, a candidate good at first, labels lost or drifting without a record',
      family: 'each run draws baseline and margin',
    },
    run: ({ short }) => brokenGateTable(gateValidityBroken(short ? 200 : 2_000)),
  },
  'planted-harm': {
    about: {
      input: 'simulated',
      parameters:
        'lab/studies/planted-harm.ts: margin 5 points, alpha 5 %, audits of one in five, at most 3,000 pairs',
      oracle: 'who knows the rates promotes no harmful candidate and every honest one',
      naive:
        'a z test now and then of what teams look at: the judge, marked audits, labels that came, single episodes',
      loses: 'a candidate that can tell beforehand which episodes are audited',
      family:
        'each run draws the failure rate of the baseline and the harm anew; the share of audits it can tell is swept',
    },
    run: ({ short }) =>
      plantedHarmTable(
        plantedHarm(short ? { runs: 100, pairs: 1_000 } : { runs: 1_000, pairs: 3_000 }),
        plantedFailures(),
      ),
  },
  power: {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/power.ts: margin 3 points, alpha 5 %, baseline 10 %, sixteen designs',
      oracle: 'ln(1/alpha) over the smallest divergence: no test of this error needs fewer',
      naive: 'labelling every episode',
      loses: 'a judge right in 70 %: choosing which to label saves next to nothing',
      family: 'sixteen designs at the rates of the published table; power-drawn draws them',
    },
    run: ({ short }) =>
      powerTable(power(short ? { people: 200, judged: 20 } : { people: 2_000, judged: 1_500 })),
  },
  'power-drawn': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/power-drawn.ts: alpha 5 %; every design is in the table',
      oracle: 'as in power, where people label everything',
      naive: 'labelling every episode',
      loses: 'judges that know little: the share of labels saved is in the table',
      family: 'each design draws both failure rates, the margin and the judge',
    },
    run: ({ short }) =>
      powerDrawnTable(
        powerDrawn(
          short ? { designs: 4, runs: 60, forecastRuns: 100 } : { designs: 16, runs: 200, forecastRuns: 200 },
        ),
      ),
  },
  horizon: {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/horizon.ts: the default ladder, baseline 30 %, candidate 2 % on short tasks',
      oracle: 'knows how the candidate does on truly long tasks',
      naive: 'the evidence of short tasks is counted in the stage of long ones, in the same climbs',
      loses: 'every other task that is stated as long is short',
      family: 'how the candidate does on long tasks is swept, and in one world drawn in each climb',
    },
    run: ({ short }) =>
      horizonTable(horizon({ climbs: short ? 20 : 400, longBlocksMax: short ? 400 : 2_000 })),
  },
  'interval-coverage': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/interval-coverage.ts, named in every row',
      oracle: 'the stated level: an interval that knows the law covers in 95 %',
      naive: 'beside each interval, in the same worlds',
      loses:
        'labels that are no random sample, items alike, raters with one taste, tokens too rare to be met: a row for each',
      family: 'swept, and for each interval one world draws everything anew in each run',
    },
    run: ({ short }) => coverageTable(intervalCoverage({ runs: short ? 60 : 1_000 })),
  },
  'margin-budget': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/margin-budget.ts: margin 5 points, budget 10 points; chains in the table',
      oracle: 'knows all failure rates',
      naive: 'no budget',
      loses: 'releases that are all better, which the budget stops for nothing',
      family: 'one world draws the anchor and the steps of each chain',
    },
    run: ({ short }) => chainTable(marginBudget({ chains: short ? 4 : 100 })),
  },
  'labels-to-promote': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/labels-to-promote.ts: margin 3 points, alpha 5 %, baseline 10 %',
      oracle:
        'the same gate told the law: how often a failure hides behind each score, and the bet that fits',
      naive: 'people label every episode',
      loses: 'a judge right in 70 %',
      family: 'candidates at 10, 7 and 5 %, judges right in 70, 80 and 90 %',
    },
    run: ({ short }) =>
      labelsTable(labelsToPromote(short ? { human: 300, active: 40 } : { human: 4_000, active: 600 })),
  },
  'pair-audits': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/pair-audits.ts',
      oracle: 'the allocation, and the gate, told what each score means in this very world',
      naive: 'every pair with the same probability',
      loses: 'a judge that says anything at random, and episodes alike',
      family: 'each run draws rates, judge and lengths',
    },
    run: ({ short }) => pairAuditsTable(pairAuditsStudy(short ? 40 : 1_000)),
  },
}

/** The grid stops after the minutes given, and goes on from its kept chunks the next time. */
function gridWork({ short, minutes }: Call) {
  const end = Date.now() + minutes * 60_000
  const name = short ? 'gate-validity-short.json' : 'gate-validity.json'
  return {
    path: fileURLToPath(new URL(`../node_modules/.cache/leeway-lab/${name}`, import.meta.url)),
    until: () => Date.now() >= end,
    print: (line: string) => process.stderr.write(`${line}\n`),
  }
}
