/** Studies of raters: what their answers are worth, who looks, and with which help. */
import { allocatorStudy, allocatorTable } from './studies/allocator.ts'
import { correlatedJudges, judgesTable } from './studies/correlated-judges.ts'
import { critiqueTable, critiqueTrade } from './studies/critique-trade.ts'
import { debateConsultancy, debateTable } from './studies/debate-consultancy.ts'
import { questionTree, questionTreeTable } from './studies/question-tree.ts'
import { accuracyTable, truthInference } from './studies/truth-inference.ts'
import { judgesStudy } from './studies/truth-inference-judges.ts'
import { vettingStudy, vettingTable } from './studies/vetting.ts'
import { whoLooksStudy, whoLooksTable } from './studies/who-looks.ts'
import type { Study } from './study.ts'

export const RATER_STUDIES: Readonly<Record<string, Study>> = {
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
      parameters: 'lab/studies/debate-judge.ts, fitted to recorded beliefs; the fits are in the table',
      oracle: 'the recorded accuracies, which no fit has seen',
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
}
