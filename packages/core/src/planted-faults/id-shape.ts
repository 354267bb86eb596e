/** What looks like an id of a record, and which two could be ids of the same kind. */

const LENGTH_MAX = 64

/** One word with a digit in it. Decimal numbers, dates and times are none. */
export function isIdLike(text: string): boolean {
  return (
    text.length >= 2 &&
    text.length <= LENGTH_MAX &&
    /^[#\w-]+$/.test(text) &&
    /\d/.test(text) &&
    !/^\d{1,3}$/.test(text) &&
    !/^\d{4}-\d\d-\d\d/.test(text)
  )
}

/** Different, the same up to the first digit, and from there digits where the other has digits. */
export function sameShape(one: string, other: string): boolean {
  return one !== other && shape(one) === shape(other)
}

function shape(id: string): string {
  const first = id.search(/\d/)
  return (
    id.slice(0, first) +
    id.slice(first).replaceAll(/\d/g, '9').replaceAll(/[a-z]/g, 'a').replaceAll(/[A-Z]/g, 'A')
  )
}
