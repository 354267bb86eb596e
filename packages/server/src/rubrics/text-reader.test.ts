import { expect, test } from 'vitest'
import { textReader } from './text-reader.ts'

const { languageOf, sentencesOf } = textReader

test.each([
  ['en', 'The agent asked for a confirmation before it cancelled the order.'],
  ['de', 'Der Agent hat vor dem Stornieren der Bestellung um eine Bestätigung gebeten.'],
  ['fr', 'L’agent a demandé une confirmation avant d’annuler la commande.'],
  ['ru', 'Агент попросил подтверждения, прежде чем отменить заказ.'],
  ['hi', 'एजेंट ने ऑर्डर रद्द करने से पहले पुष्टि मांगी।'],
  ['ja', 'エージェントは注文をキャンセルする前に確認を求めました。'],
])('%s', (language, text) => {
  expect(languageOf(text)).toBe(language)
  // The same answer every time: the library itself draws at random.
  expect(new Set(Array.from({ length: 5 }, () => languageOf(text))).size).toBe(1)
})

test('digits and marks are of no language; a long text is read in part', () => {
  expect(languageOf('12 + 30 = 42!')).toBeNull()
  expect(languageOf('')).toBeNull()
  expect(languageOf(`${'Das ist ein langer Text. '.repeat(400)}${'This is English. '.repeat(100_000)}`)).toBe(
    'de',
  )
})

test.each([
  [2, 'It rained. We left.'],
  [2, 'It rained.\nWe left'],
  [2, 'it rained. we left.'],
  [3, 'No! Why? “Because.”'],
  [1, 'a list\n- without\n- stops'],
  [0, ' \n'],
])('%s sentences: %s', (count, text) => {
  expect(sentencesOf(text)).toBe(count)
})
