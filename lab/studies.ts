/** Every study: what it says of itself, and how it is run. */
import { fileURLToPath } from 'node:url'
import { runRatingCrashes } from './crash/crash-rating.ts'
import { runCrashes } from './crash/crash-run.ts'
import { brokenTable, faultTable, haltTable } from './gateway-faults/fault-table.ts'
import { allocatorStudy, allocatorTable } from './studies/allocator.ts'
import { approvalWelfare, welfareTable } from './studies/approval-welfare.ts'
import { auditGame, auditGameTable } from './studies/audit-game.ts'
import { correlatedJudges, judgesTable } from './studies/correlated-judges.ts'
import { critiqueTable, critiqueTrade } from './studies/critique-trade.ts'
import { debateConsultancy, debateTable } from './studies/debate-consultancy.ts'
import { easyToHard, easyToHardTable } from './studies/easy-to-hard.ts'
import { gateError, tableOf } from './studies/gate-error.ts'
import { FULL, gateValidity, gateValidityBeside, SHORT } from './studies/gate-validity.ts'
import { brokenGateTable, gateValidityBroken } from './studies/gate-validity-broken.ts'
import { horizon, horizonTable } from './studies/horizon.ts'
import { coverageTable, intervalCoverage } from './studies/interval-coverage.ts'
import { labelsTable, labelsToPromote } from './studies/labels-to-promote.ts'
import { chainTable, marginBudget } from './studies/margin-budget.ts'
import { drawnWorlds, overOptimisation, overOptimisationTable } from './studies/over-optimisation.ts'
import { pairAuditsStudy, pairAuditsTable } from './studies/pair-audits.ts'
import { plantedFailures, plantedHarm, plantedHarmTable } from './studies/planted-harm.ts'
import { power, powerTable } from './studies/power.ts'
import { powerDrawn, powerDrawnTable } from './studies/power-drawn.ts'
import { questionTree, questionTreeTable } from './studies/question-tree.ts'
import { monitorTable, sameWeightsMonitor } from './studies/same-weights-monitor.ts'
import { supervisionChain, supervisionChainTable } from './studies/supervision-chain.ts'
import { accuracyTable, truthInference } from './studies/truth-inference.ts'
import { judgesStudy } from './studies/truth-inference-judges.ts'
import { vettingStudy, vettingTable } from './studies/vetting.ts'
import { vouchingChain } from './studies/vouching-chain.ts'
import { whoLooksStudy, whoLooksTable } from './studies/who-looks.ts'
import type { Call, Study } from './study.ts'

export const STUDIES: Readonly<Record<string, Study>> = {
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
  'truth-inference': {
    about: { input: 'recorded', from: 'public sets of crowd labels with known truth' },
    run: ({ short, data }) => accuracyTable(truthInference(data('a folder of sets'), short ? 2 : 20)),
  },
  'truth-inference-judges': {
    about: { input: 'recorded', from: 'recorded votes of model judges on pairs with known answers' },
    run: ({ short, data }) => judgesStudy(data('a file of votes'), short ? 3 : 20),
  },
  'correlated-judges': {
    about: {
      input: 'simulated',
      parameters:
        'lab/studies/correlated-judges.ts: five judges right in 80 %, 100 items, at four correlations',
      oracle: 'an interval that knows the correlation and the accuracy',
      naive: 'all answers taken for independent',
      loses: 'ten items: there are too few to draw whole ones from',
      family: 'one world draws judges, accuracy, items and correlation anew in each run',
    },
    run: ({ short }) => judgesTable(correlatedJudges(short ? 60 : 1_000)),
  },
  'audit-game': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/audit-game.ts, with the published ones beside it',
      oracle: 'the best response in closed form',
      naive: 'random audits before anything is used',
      loses: 'a monitor without signal; an agent that can place its score under every threshold',
      family: 'signals 0 to 4, budgets, and burners of several rates',
    },
    run: ({ short }) => auditGameTable(auditGame(short ? 200 : 20_000)),
  },
  'same-weights-monitor': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/same-weights-monitor.ts',
      oracle: 'knows which monitor it is',
      naive: 'the monitor is believed',
      loses: 'a sign that survives redaction',
      family: 'recall 0.7 to 0.98, sign lost with probability 0 to 1, drawn',
    },
    run: ({ short }) => monitorTable(sameWeightsMonitor(short ? 300 : 10_000)),
  },
  'question-tree': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/question-tree.ts and question-tree-world.ts',
      oracle: 'the simulated break-even, beside the foretold one',
      naive: 'the interval that counts parts alone',
      loses: 'items hard in every part at once',
      family: '1 to 32 parts, 1 to 5 raters, three correlations, two decays of skill',
    },
    run: ({ short }) =>
      questionTreeTable(questionTree(short ? { trees: 4_000, runs: 200 } : { trees: 40_000, runs: 2_000 })),
  },
  'debate-consultancy': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/debate-judge.ts, fitted to recorded means; the fits are in the table',
      oracle: 'expected accuracies in closed form',
      naive: 'the fit to the means alone',
      loses: 'GPT-4 consultancies, which no judge of this kind explains; real words torn from their context',
      family: 'noise, gap of skill, persuasion and invented quotes are swept',
    },
    run: ({ short }) =>
      debateTable(
        debateConsultancy(short ? { judgments: 4_000, studies: 100 } : { judgments: 40_000, studies: 2_000 }),
      ),
  },
  'critique-trade': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/critique-world.ts',
      oracle: 'accept the valid critiques alone',
      naive: 'accept every critique',
      loses: 'raters who trust no critique; credulous raters',
      family: 'seven worlds, false critiques and trust swept',
    },
    run: ({ short }) =>
      critiqueTable(
        critiqueTrade(
          short ? { items: 4_000, arms: 40, tests: 500 } : { items: 100_000, arms: 1_000, tests: 10_000 },
        ),
      ),
  },
  'over-optimisation': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/over-optimisation.ts',
      oracle: 'the n at which gold is highest in a million draws',
      naive: 'as far as there are samples; the n of the highest estimate',
      loses: 'the worst of three raters who share one flaw; critiques that leave one exploit in four unseen',
      family: 'raters and audits are swept; forty worlds draw harm, tails, noise and the flaw',
    },
    run: ({ short }) =>
      overOptimisationTable(
        overOptimisation(short ? { draws: 100_000, runs: 20 } : { draws: 1_000_000, runs: 400 }),
        drawnWorlds(short ? { worlds: 4, draws: 40_000, runs: 5 } : { worlds: 40, draws: 200_000, runs: 25 }),
      ),
  },
  allocator: {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/allocator.ts',
      oracle: 'the allocator that knows skills truly',
      naive: 'any episode, rater and help alike',
      loses: 'raters, help and episodes alike, and a judge that knows nothing',
      family: 'each run draws raters, episodes and judge',
    },
    run: ({ short }) => allocatorTable(allocatorStudy(short ? 60 : 1_000)),
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
  'who-looks': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/who-looks.ts',
      oracle: 'the tier that is better, known truly, looks at everything',
      naive: 'experts look at what the judge suspects',
      loses: 'tiers alike',
      family: 'each run draws skills, minutes, judge and failure rate',
    },
    run: ({ short }) => whoLooksTable(whoLooksStudy(short ? 60 : 1_000)),
  },
  'approval-welfare': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/approval-welfare.ts',
      oracle: 'the candidate of the highest welfare',
      naive: 'one voter; all voters',
      loses: 'voters who know nearly everything already',
      family: 'candidates drawn, information swept',
    },
    run: ({ short }) => welfareTable(approvalWelfare(short ? 4_000 : 100_000)),
  },
  'easy-to-hard': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/easy-to-hard.ts, weak-to-strong.ts, digit-sums.ts and small-model.ts',
      oracle: 'the student taught the truth; the right sum',
      naive: 'the weak labels; the written answer; a gate that counts evidence of all regions',
      loses: 'weak labels that follow a simpler rule; a verifier who may not look at the digit before',
      family:
        'each world draws a truth, a teacher, how many examples, their length and how many labels are wrong',
    },
    run: ({ short }) => easyToHardTable(easyToHard(short ? 4 : 24)),
  },
  vetting: {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/vetting.ts',
      oracle: 'knows the skill of everybody',
      naive: 'everybody; a cut at 8 of the first 10',
      loses: 'raters all just above the bar; skill that falls later',
      family: 'raters drawn from three mixtures and two other worlds',
    },
    run: ({ short }) => vettingTable(vettingStudy(short ? 10 : 200)),
  },
  'supervision-chain': {
    about: {
      input: 'simulated',
      parameters: 'lab/studies/supervision-chain.ts: bar 60 % of mistakes caught, one answer in ten audited',
      oracle: 'people label everything; knows how often each supervisor catches',
      naive: 'no audits; 60 % of 30 audited mistakes; the share caught so far',
      loses: 'a supervisor that gets worse and stays above the bar',
      family: 'each run draws how many links, accuracies, ceilings, PGR and which link is bad',
    },
    run: ({ short }) => supervisionChainTable(supervisionChain(short ? 40 : 1_000)),
  },
  'vouching-chain': {
    about: { input: 'recorded', from: 'recorded votes of model judges on pairs with known answers' },
    run: ({ short, data }) => vouchingChain(data('a file of votes'), short ? 5 : 60),
  },
  crash: {
    about: { input: 'server', from: 'the server itself, killed at seeded random moments' },
    run: async ({ short }) => {
      const result = await runCrashes({
        kills: short ? 10 : 200,
        seed: 2,
        print: (line) => process.stderr.write(`${line}\n`),
      })
      const { kills, episodes, releases, units, checks, approvals, ledgerEntries, faults } = result
      const counts = [kills, episodes, releases, units, checks, approvals, ledgerEntries]
      return [
        '| kills | episodes acknowledged | releases | units | checks | approvals | ledger entries | lost or doubled |',
        '|---|---|---|---|---|---|---|---|',
        `| ${counts.join(' | ')} | ${faults.length === 0 ? 'nothing' : faults.join('; ')} |`,
      ].join('\n')
    },
  },
  'gateway-faults': {
    about: {
      input: 'server',
      from: 'two replicas of the gateway in processes of their own on one PostgreSQL, before models written for the study, while everything around them breaks',
    },
    run: ({ short }) => faultTable(short ? 3_000 : 100_000, toStderr),
  },
  'gateway-faults-planted': {
    about: {
      input: 'server',
      from: 'the study gateway-faults on copies of the sources, each with one rule of the gateway broken on purpose',
    },
    run: ({ short }) => brokenTable(short ? 1_000 : 4_000, toStderr),
  },
  'gateway-halt': {
    about: {
      input: 'server',
      from: 'two replicas of the gateway under load, halted again and again; times by the clock of the agents, until they have read the answer',
    },
    run: ({ short }) => haltTable(short ? SHORT_HALTS : { open: 12, deaf: 8, cut: 1, silent: 1 }, toStderr),
  },
  'crash-rating': {
    about: { input: 'server', from: 'the server itself, killed while people rate' },
    run: async ({ short }) => {
      const result = await runRatingCrashes({
        kills: short ? 6 : 40,
        seed: 2,
        print: (line) => process.stderr.write(`${line}\n`),
      })
      const { kills, acknowledged, unanswered, storedUnanswered, faults } = result
      return [
        '| kills | answers acknowledged | kills on a commit | of these stored before the kill | lost or doubled |',
        '|---|---|---|---|---|',
        `| ${[kills, acknowledged, unanswered, storedUnanswered].join(' | ')} | ${faults.length === 0 ? 'nothing' : faults.join('; ')} |`,
      ].join('\n')
    },
  },
}

const SHORT_HALTS = { open: 3, deaf: 3, cut: 1, silent: 0 }

const toStderr = (line: string) => {
  process.stderr.write(`${line}\n`)
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
