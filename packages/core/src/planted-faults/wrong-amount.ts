/** Gives a call that changes something another amount: two digits swapped, or a tenth or ten times as much. */
import { insufficient } from '../numeric/insufficient.ts'
import { changeArgument } from './change-argument.ts'
import { placesOf } from './json-places.ts'
import type { MutationOperator } from './operator.ts'
import { pick } from './pick.ts'
import { toolCalls } from './tool-calls.ts'

/** A number under such a key names something; another one is another record, not another amount. */
const NAMES_SOMETHING = /(ids?|numbers?|no|zip|postcode|postal|phone|code|version|year|month|day)$/i

export const wrongAmount: MutationOperator = {
  name: 'wrong-amount',
  breaks: 'amount',
  title: 'Acts with the wrong amount',
  mutate: (episode, random) => {
    const places = toolCalls(episode)
      .filter(({ isConsequential }) => isConsequential)
      .flatMap((one) => placesOf(one.call.content).map((place) => ({ one, place })))
      .flatMap(({ one, place }) => {
        const { key, value } = place
        if (typeof value !== 'number' || value <= 0 || NAMES_SOMETHING.test(key)) return []
        const others = otherAmounts(value)
        return others.length === 0 ? [] : [{ one, place, others }]
      })
    const chosen = pick(places, random)
    const other = chosen === undefined ? undefined : pick(chosen.others, random)
    if (chosen === undefined || other === undefined)
      return insufficient('no call that changes something has an amount')
    return changeArgument(episode, chosen.one, chosen.place, other)
  },
}

/** Above 0, other than it was, whole where it was whole, with no more decimals. */
function otherAmounts(value: number): readonly number[] {
  const text = String(value)
  if (!/^\d+(\.\d+)?$/.test(text)) return []
  const decimals = text.split('.')[1]?.length ?? 0
  const swapped = [...text].flatMap((digit, at) => {
    const next = text[at + 1]
    if (next === undefined || digit === '.' || next === '.' || digit === next) return []
    if (at === 0 && next === '0') return []
    return [Number(`${text.slice(0, at)}${next}${digit}${text.slice(at + 2)}`)]
  })
  const scaled = [value * 10, value / 10].map((one) => Number(one.toFixed(decimals)))
  const small = value < 10 && Number.isInteger(value) ? [value + 1] : []
  return [...new Set([...swapped, ...(small.length > 0 ? small : scaled)])].filter(
    (other) =>
      other > 0 && other !== value && Number.isFinite(other) && (decimals > 0 || Number.isInteger(other)),
  )
}
