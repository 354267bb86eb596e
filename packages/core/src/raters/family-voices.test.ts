import { describe, expect, test } from 'vitest'
import { oneVoiceEach } from './family-voices.ts'

type Answer = { readonly item: string; readonly rater: string; readonly said: string }
const FAMILIES: Readonly<Record<string, string>> = { a: 'llama', b: 'llama', c: 'llama' }
const said = (text: string): readonly Answer[] =>
  text.split(' ').map((one) => {
    const [item = '', rater = '', value = ''] = one.split(':')
    return { item, rater, said: value }
  })
const heard = (text: string) =>
  oneVoiceEach(said(text), (one) => ({ ...one, voice: FAMILIES[one.rater] ?? one.rater })).map(
    ({ answer, voice, divided }) => `${answer.item}:${voice}:${answer.said}${divided ? ' divided' : ''}`,
  )

describe('one voice each', () => {
  test('three models of one family are one voice beside a person', () => {
    expect(heard('1:a:no 1:b:no 1:c:no 1:Ada:yes')).toEqual(['1:llama:no', '1:Ada:yes'])
  })
  test('where they differ most of them speak, and it is said that they differ', () => {
    expect(heard('1:a:no 1:b:yes 1:c:yes')).toEqual(['1:llama:yes divided'])
  })
  test('of equally many, the member with the most answers speaks, whoever comes first', () => {
    expect(heard('1:a:no 1:b:yes 2:b:yes')).toEqual(['1:llama:yes divided', '2:llama:yes'])
    expect(heard('2:b:yes 1:b:yes 1:a:no')).toEqual(['2:llama:yes', '1:llama:yes divided'])
  })
  test('people are never folded, and nothing said is nothing heard', () => {
    expect(heard('1:Ada:yes 1:Ben:yes')).toEqual(['1:Ada:yes', '1:Ben:yes'])
    expect(oneVoiceEach([], () => ({ item: '', voice: '', rater: '', said: '' }))).toEqual([])
  })
})
