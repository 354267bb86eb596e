import { criteriaOf, leavesOf } from '@leeway/core/rubrics/rubric'
import { describe, expect, test } from 'vitest'
import { readRubric } from './rubric-document.ts'

const RUBRIC = `name: Help desk
question: Did the agent follow the instructions in this episode?
answeredBy: [human, model]
combine: all
children:
  - id: asked-first
    question: Did the agent ask for confirmation before each refund?
    guidance: A yes of the customer must stand before the call.
    check:
      kind: before
      first: { from: user, pattern: "\\\\byes\\\\b", ignoreCase: true }
      each: { tools: [refund_*] }
  - id: tone
    combine: points
    required: true
    children:
      - { id: polite, question: Was it polite?, points: 5, scale: { ordinal: [rude, neutral, polite] } }
      - { id: promised, question: Did it promise what it cannot keep?, good: no, points: -3 }
      - { id: length, question: How long was it?, scale: { number: { min: 0, max: 10 } }, answeredBy: human, points: 1 }
`

const problemsOf = (text: string) => {
  const read = readRubric(text)
  return read.ok ? [] : read.problems
}

test('a rubric in YAML becomes the tree', () => {
  const read = readRubric(RUBRIC)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  expect(read.rubric.name).toBe('Help desk')
  expect(criteriaOf(read.rubric).map(({ id }) => id)).toEqual([
    'root',
    'asked-first',
    'polite',
    'promised',
    'length',
  ])
  const [asked, polite, promised, length] = leavesOf(read.rubric)
  expect(asked).toEqual({
    kind: 'leaf',
    weight: 1,
    required: false,
    criterion: {
      id: 'asked-first',
      question: 'Did the agent ask for confirmation before each refund?',
      scale: { kind: 'yes-no', good: 'yes' },
      guidance: 'A yes of the customer must stand before the call.',
      answeredBy: ['program'],
    },
    check: {
      kind: 'before',
      first: { from: 'user', pattern: '\\byes\\b', ignoreCase: true },
      each: { tools: ['refund_*'] },
    },
  })
  expect(polite).toMatchObject({
    weight: 5,
    criterion: {
      scale: { kind: 'ordinal', levels: ['rude', 'neutral', 'polite'] },
      answeredBy: ['human', 'model'],
    },
  })
  expect(promised).toMatchObject({ weight: -3, criterion: { scale: { kind: 'yes-no', good: 'no' } } })
  expect(length?.criterion.answeredBy).toEqual(['human'])
  expect(read.rubric.root).toMatchObject({ kind: 'parent', combine: 'all', criterion: { id: 'root' } })
})

test('the same rubric in JSON is the same rubric', () => {
  const json = JSON.stringify({ name: 'n', combine: 'any', children: [{ id: 'a', question: 'q?' }] }, null, 2)
  const yaml = 'name: n\ncombine: any\nchildren: [{ id: a, question: q? }]'
  expect(readRubric(json)).toEqual(readRubric(yaml))
  expect(readRubric(json).ok).toBe(true)
})

test.each([
  [
    'children[0].guidence',
    RUBRIC.replace('guidance', 'guidence'),
    8,
    'unknown field "guidence"',
    'did you mean guidance?',
  ],
  [
    'children[0].check.kind',
    RUBRIC.replace('kind: before', 'kind: befor'),
    10,
    'kind is "befor"',
    'did you mean before?',
  ],
  [
    'children[0].check',
    RUBRIC.replace('      each: { tools: [refund_*] }\n', ''),
    10,
    'expected an object',
    'each',
  ],
  [
    'children[1].combine',
    RUBRIC.replace('combine: points', 'combine: point'),
    14,
    'combine is "point"',
    'did you mean points?',
  ],
  [
    'children[1].children[0].weight',
    RUBRIC.replace('points: 5', 'weight: 5'),
    17,
    'under combine: points',
    'write points instead',
  ],
  [
    'children[0].points',
    RUBRIC.replace('    guidance', '    points: 3\n    guidance'),
    8,
    'points mean nothing under combine: all',
    'combine by points',
  ],
  [
    'children[1].children[1].good',
    RUBRIC.replace('good: no', 'good: false'),
    18,
    'good is false',
    'write good: yes',
  ],
  ['children[0].id', RUBRIC.replace('asked-first', 'Asked First!'), 6, 'is no id', 'asked-first'],
  [
    'children[1].children[0].scale.ordinal[1]',
    RUBRIC.replace('[rude, neutral', '[rude, 2'),
    17,
    'it must be text',
    'quotes',
  ],
  [
    'answeredBy',
    RUBRIC.replace('human, model]', 'human, robot]'),
    3,
    'names "robot"',
    'program, model, human',
  ],
  ['', `- ${RUBRIC.slice(0, 4)}`, 1, 'found a list', 'name'],
])('%s: the mistake has line, path and fix', (path, text, line, problem, fix) => {
  const problems = problemsOf(text)
  const found = problems.find(
    (one) => one.path === path || (path === 'children[0].check' && one.path.startsWith(path)),
  )
  expect(found, JSON.stringify(problems)).toMatchObject({ severity: 'error', line })
  expect(found?.problem).toContain(problem)
  expect(`${found?.fix} ${found?.problem}`).toContain(fix)
})

test('broken and hostile documents are refused at once', () => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
  for (let at = 1; at < 10; at++) {
    const [name, before] = ['abcdefghij'[at], 'abcdefghij'[at - 1]]
    bomb.push(`${name}: &${name} [${`*${before},`.repeat(9)}]`)
  }
  const started = performance.now()
  for (const text of [
    bomb.join('\n'),
    '['.repeat(400_000),
    '{"a":'.repeat(90_000),
    '- '.repeat(200_000),
    '? '.repeat(200_000),
    Array.from({ length: 900 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    `name: ${'x'.repeat(600_000)}`,
    'name: a\nname: b',
    'a: b: c',
    '--- a\n--- b',
    'name: !!js/function x',
    '',
    '\u0000',
    '__proto__: { name: a, question: b }',
  ]) {
    const problems = problemsOf(text)
    expect(problems.length, text.slice(0, 40)).toBeGreaterThan(0)
    for (const { line, fix } of problems) expect([line >= 1, fix !== '']).toEqual([true, true])
  }
  expect(performance.now() - started).toBeLessThan(10_000)
})

test('too many nodes and too deep a tree are refused', () => {
  const wide = {
    name: 'n',
    combine: 'all',
    children: Array.from({ length: 501 }, (_, at) => ({ id: `q${at}`, question: 'q?' })),
  }
  expect(problemsOf(JSON.stringify(wide))[0]?.problem).toContain('more than 500 nodes')
  let deep: object = { id: 'leaf', question: 'q?' }
  for (let at = 0; at < 12; at++) deep = { id: `p${at}`, combine: 'all', children: [deep] }
  expect(problemsOf(JSON.stringify({ name: 'n', ...deep }))[0]?.problem).toContain('more than 12 levels')
})

test('a schema with a pattern is refused, because a hostile text could stop the server on it', () => {
  const problems = problemsOf(`name: x
question: Was it right?
check: { kind: called, tools: [pay], arguments: { properties: { to: { pattern: "(a+)+$" } } } }
`)
  expect(problems[0]?.problem).toContain('pattern')
  expect(problems[0]?.line).toBe(3)
})

test('points that a bad thing takes away need the bad thing to be the yes', () => {
  const [problem] = problemsOf(`name: x
combine: points
children:
  - { id: kind, question: Was it kind?, points: 5 }
  - { id: rude, question: Was it rude?, points: -3 }
`)
  expect(problem).toMatchObject({ line: 5, path: 'children[1].points' })
  expect(problem?.fix).toContain('good: no')
})

test.each([
  [
    'an id that stands twice',
    '  - { id: a, question: Was it b? }\n  - { id: a, question: Was it c? }',
    'stands twice',
  ],
  ['nobody who may answer', '  - { id: a, question: Was it b?, answeredBy: [] }', 'answeredBy'],
  ['a program without a check', '  - { id: a, question: Was it b?, answeredBy: [program] }', 'there is none'],
  [
    'a check that no program may run',
    '  - { id: a, question: Was it b?, answeredBy: [human], check: { kind: errors } }',
    'never runs',
  ],
  [
    'a pattern that is not RE2',
    '  - { id: a, question: Was it b?, check: { kind: text, from: user, pattern: "(?=a)b" } }',
    'not RE2',
  ],
  ['one level', '  - { id: a, question: Was it b?, scale: { ordinal: [good] } }', 'two different levels'],
  [
    'a number without a range',
    '  - { id: a, question: Was it b?, scale: { number: { min: 5, max: 5 } } }',
    'not above',
  ],
  [
    'a pairwise question for a program',
    '  - { id: a, question: Was it b?, scale: pairwise, answeredBy: [program, human], check: { kind: errors } }',
    'cannot compare',
  ],
  [
    'a rule about wording that there is not',
    '  - { id: a, question: Was it b?, check: { kind: response, rule: word, min: 3 } }',
    'rule is "word"',
  ],
  [
    'a field of another rule',
    '  - { id: a, question: Was it b?, check: { kind: response, rule: no-comma, min: 3 } }',
    'the rule no-comma has no field min',
  ],
  [
    'a count without limits',
    '  - { id: a, question: Was it b?, check: { kind: response, rule: words } }',
    'checks nothing',
  ],
  [
    'a language by its name',
    '  - { id: a, question: Was it b?, check: { kind: response, rule: language, language: Klingon } }',
    'at most 5',
  ],
  [
    'a paragraph beyond the last',
    '  - { id: a, question: Was it b?, check: { kind: response, rule: paragraph-start, count: 2, nth: 3, word: x } }',
    'paragraph 3 of 2',
  ],
  [
    'a reference in a schema',
    '  - { id: a, question: Was it b?, check: { kind: final-json, schema: { $ref: "#" } } }',
    'no $ref',
  ],
  ['no child', '  []', 'nothing to combine'],
])('%s is refused', (_, children, problem) => {
  const text = `name: x\ncombine: all\nchildren:\n${children}\n`
  expect(
    problemsOf(text)
      .map((one) => `${one.problem} ${one.path}`)
      .join('; '),
  ).toContain(problem)
})

test('what only looks wrong is a warning, and the rubric is read', () => {
  const read = readRubric(`name: x
combine: any
children:
  - { id: a, question: Was it b?, required: true }
  - { id: c, question: Was it d? }
`)
  expect(read.ok).toBe(true)
  expect(read.problems).toMatchObject([{ severity: 'warning', line: 4 }])
})

describe('the words of the instruction that a question checks', () => {
  const WITH = (checks: string) => `name: desk
instruction: |
  Greet the customer.
  Never share a
  password.
question: Followed?
checks: [Greet the customer.]
combine: all
children:
  - id: quiet
    question: Did it keep passwords to itself?
    checks:
      - Never share
${checks}
`

  test('stand beside the question and not in it, and differ at most in white space', () => {
    const read = readRubric(WITH('      - share a password.'))
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    const { rubric } = read
    expect(rubric.instruction).toBe('Greet the customer.\nNever share a\npassword.\n')
    expect(rubric.root.checks).toEqual(['Greet the customer.'])
    expect(leavesOf(rubric)[0]?.checks).toEqual(['Never share', 'share a password.'])
    for (const criterion of criteriaOf(rubric)) expect(criterion).not.toHaveProperty('checks')
  })

  test('each one that the instruction lacks is an error with its line', () => {
    expect(problemsOf(WITH('      - never share\n      - Never share a secret'))).toMatchObject([
      { severity: 'error', line: 14, path: 'children[0].checks[1]' },
      { severity: 'error', line: 15, path: 'children[0].checks[2]' },
    ])
  })

  test('need an instruction and a question, and are bounded', () => {
    expect(problemsOf(RUBRIC.replace('combine: all', 'checks: [One.]\ncombine: all'))).toMatchObject([
      { line: 4, path: 'checks', problem: 'checks quotes an instruction, and the rubric holds none' },
    ])
    expect(
      problemsOf(
        RUBRIC.replace('  - id: tone', '  - id: tone\n    checks: [One.]').replace(
          'name:',
          'instruction: One.\nname:',
        ),
      ),
    ).toMatchObject([{ path: 'children[1].checks', problem: 'checks without a question' }])
    const many = Array.from({ length: 21 }, () => 'Never share').join(', ')
    expect(problemsOf(WITH('').replace(/checks:\n.*\n/, `checks: [${many}]\n`))[0]?.problem).toMatch(
      /at most 20/,
    )
    expect(
      problemsOf(RUBRIC.replace('name:', `instruction: ${'a'.repeat(20_001)}\nname:`))[0]?.problem,
    ).toMatch(/20001/)
  })

  test('a rubric without them reads as it always did', () => {
    const read = readRubric(RUBRIC)
    if (!read.ok) throw new Error('refused')
    expect(JSON.stringify(read.rubric)).not.toMatch(/checks|instruction"/)
  })
})
