/**
 * Ratings by item, in columns: what every method of truth inference reads.
 *
 * Shapes      ratings of item i are cells[start[i]] … cells[start[i + 1] - 1]; a cell is rater * classes + label.
 * Ranges      0 <= item < items, 0 <= rater < raters, 0 <= label < classes, classes >= 2; anything else throws.
 * Repeats     one rater may rate an item more than once; every rating is kept.
 * Degenerate  no ratings, items without ratings, one rater: an index like any other. `teaches` marks the items with
 *             ratings of two raters or more. Only they (and gold) say anything about raters: a rater who is alone
 *             would otherwise teach the model that it is always right.
 */
export type RatingColumns = {
  readonly items: number
  readonly raters: number
  readonly classes: number
  readonly item: Int32Array
  readonly rater: Int32Array | Uint16Array
  readonly label: Int32Array | Uint16Array | Uint8Array
}

export type RatingIndex = {
  readonly items: number
  readonly raters: number
  readonly classes: number
  readonly ratings: number
  readonly start: Int32Array
  /** 16 bits where they suffice: the gather from it is what an iteration waits for. */
  readonly cells: Uint16Array | Int32Array
  readonly teaches: Uint8Array
}

export type Allocate = (bytes: number) => ArrayBufferLike

/** `allocate` gives the memory of `start` and `cells`: shared memory where several threads are to read them. */
export function ratingIndex(
  columns: RatingColumns,
  allocate: Allocate = (bytes) => new ArrayBuffer(bytes),
): RatingIndex {
  const { items, raters, classes, item, rater, label } = columns
  if (classes < 2) throw new RangeError(`truth inference needs at least 2 classes, not ${classes}`)
  const ratings = item.length
  if (rater.length !== ratings || label.length !== ratings)
    throw new RangeError('item, rater and label differ in length')
  const start = new Int32Array(allocate(4 * (items + 1)))
  for (let at = 0; at < ratings; at++) {
    const i = item[at] as number
    const w = rater[at] as number
    const l = label[at] as number
    if (!(i >= 0 && i < items && w >= 0 && w < raters && l >= 0 && l < classes))
      throw new RangeError(`rating ${at}: item ${i}, rater ${w} or label ${l} is out of range`)
    start[i + 1] = (start[i + 1] as number) + 1
  }
  for (let i = 0; i < items; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number)
  const cells =
    raters * classes <= 65536 ? new Uint16Array(allocate(2 * ratings)) : new Int32Array(allocate(4 * ratings))
  const next = Int32Array.from(start.subarray(0, items))
  for (let at = 0; at < ratings; at++) {
    const i = item[at] as number
    const place = next[i] as number
    cells[place] = (rater[at] as number) * classes + (label[at] as number)
    next[i] = place + 1
  }
  return {
    items,
    raters,
    classes,
    ratings,
    start,
    cells,
    teaches: teachingItems(start, cells, items, classes),
  }
}

function teachingItems(
  start: Int32Array,
  cells: Uint16Array | Int32Array,
  items: number,
  classes: number,
): Uint8Array {
  const teaches = new Uint8Array(items)
  for (let i = 0; i < items; i++) {
    const from = start[i] as number
    const to = start[i + 1] as number
    if (to - from < 2) continue
    const first = ((cells[from] as number) / classes) | 0
    for (let at = from + 1; at < to; at++) {
      if ((((cells[at] as number) / classes) | 0) !== first) {
        teaches[i] = 1
        break
      }
    }
  }
  return teaches
}
