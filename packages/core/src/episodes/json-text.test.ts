import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JSON_DEPTH_MAX, parseJsonText } from './json-text.ts'

function problemOf(text: string) {
  const parsed = parseJsonText(text)
  if (parsed.ok) throw new Error('was accepted')
  return parsed.problem
}

describe('parse JSON text', () => {
  test('names the field of a NaN, which JSON does not have', () => {
    expect(problemOf('{"task_id": 1, "reward": NaN}')).toMatchObject({
      field: 'reward',
      reason: 'Not valid JSON: found NaN at column 26.',
      expected: expect.stringContaining('no NaN'),
    })
    expect(problemOf('{"info": [{"a": -Infinity}]}').field).toBe('info[0].a')
  })

  test('names the field of a number no double can hold', () => {
    expect(problemOf('{"steps": [{"a": 1e999}]}')).toMatchObject({ field: 'steps[0].a' })
    expect(problemOf('{"reward": -1e999}').field).toBe('reward')
  })

  test.each([
    ['{"a": 1', 'the text ends'],
    ['{"a": "x', 'the text ends'],
    ["{'a': 1}", 'found'],
    ['{"a": 1} x', 'found x'],
    ['{"a": tru}', 'found tru'],
    ['', 'the text ends'],
    ['{"a": "\\q"}', 'found'],
    ['{"a"\n: 1,\n}', 'at column 1 of line 3'],
  ])('says where %s goes wrong', (text, where) => {
    expect(problemOf(text).reason).toContain(where)
  })

  test('refuses deep nesting without overflowing the stack', () => {
    expect(problemOf(`${'['.repeat(500_000)}${']'.repeat(500_000)}`).reason).toContain('levels deep')
    expect(problemOf('['.repeat(500_000)).expected).toContain(`${JSON_DEPTH_MAX} levels`)
    expect(parseJsonText(`${'['.repeat(JSON_DEPTH_MAX)}${']'.repeat(JSON_DEPTH_MAX)}`).ok).toBe(true)
  })

  test('replaces what no database text can hold, and keeps emoji', () => {
    expect(parseJsonText('{"a\\u0000": "x\\ud800y", "b": ["\\ud83d\\ude00"]}')).toEqual({
      ok: true,
      value: { 'a\ufffd': 'x\ufffdy', b: ['\u{1f600}'] },
    })
  })

  test('accepts exactly what JSON.parse accepts, and never throws', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().chain((json) => fc.nat(json.length).map((at) => json.slice(0, at) + json.slice(at + 1))),
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '1', 'e', '-', 'n', ' ') }),
    )
    fc.assert(
      fc.property(text, (input) => {
        let valid = true
        try {
          JSON.parse(input)
        } catch {
          valid = false
        }
        const parsed = parseJsonText(input)
        // A huge exponent is the one thing JSON has and we refuse.
        if (parsed.ok || !/[eE]/.test(input)) expect(parsed.ok).toBe(valid)
        // The place of the error is found by our own scanner, not left to the words of the engine.
        if (!parsed.ok && !valid) expect(parsed.problem.reason).toMatch(/at column \d+/)
      }),
      { seed: 20264, numRuns: 2_000 },
    )
  })
})
