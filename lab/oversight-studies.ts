/** Studies of oversight of what nobody can check alone: monitors, optimisation, chains of supervisors. */
import { approvalWelfare, welfareTable } from './studies/approval-welfare.ts'
import { auditGame, auditGameTable } from './studies/audit-game.ts'
import { easyToHard, easyToHardTable } from './studies/easy-to-hard.ts'
import { drawnWorlds, overOptimisation, overOptimisationTable } from './studies/over-optimisation.ts'
import { monitorTable, sameWeightsMonitor } from './studies/same-weights-monitor.ts'
import { supervisionChain, supervisionChainTable } from './studies/supervision-chain.ts'
import { vouchingChain } from './studies/vouching-chain.ts'
import type { Study } from './study.ts'

export const OVERSIGHT_STUDIES: Readonly<Record<string, Study>> = {
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
}
