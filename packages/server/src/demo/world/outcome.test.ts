import { beforeEach, describe, expect, it } from 'vitest'
import { judgeOutcome } from './outcome.ts'
import type { Request, Wish } from './request.ts'
import { createStore, type Order, type Store } from './store.ts'
import { callTool } from './tools.ts'

const address = { street: '1 Mill Lane', city: 'Ashford', postcode: '11111' }
const lamp = {
  itemId: 'i1',
  product: 'lamp',
  variant: 'black',
  sku: 'lamp-1',
  listCents: 5_000,
  clearance: false,
}

function freshStore(change: Partial<Order> = {}): Store {
  const store = createStore()
  for (const [id, name] of [
    ['C-1', 'Ada Dahl'],
    ['C-2', 'Ivo Novak'],
  ] as const) {
    store.customers.set(id, { id, name, email: `${id}@example.org`, postcode: '11111' })
  }
  store.products.set('lamp', {
    name: 'lamp',
    listCents: 5_000,
    variants: [
      { sku: 'lamp-1', label: 'black', stock: 1 },
      { sku: 'lamp-2', label: 'white', stock: 1 },
    ],
  })
  for (const id of ['R-1', 'R-2']) {
    store.orders.set(id, {
      id,
      customerId: id === 'R-1' ? 'C-1' : 'C-2',
      status: 'delivered',
      orderedDaysAgo: 9,
      deliveredDaysAgo: 5,
      discountPercent: 0,
      payment: 'PayPal',
      address,
      items: [lamp, { ...lamp, itemId: 'i2' }],
      refunds: [],
      exchanges: [],
      ...change,
    })
  }
  store.tickets.set('T-1', { id: 'T-1', status: 'open', notes: [] })
  return store
}

const refundWish: Wish = {
  act: 'refund',
  orderId: 'R-1',
  itemId: 'i1',
  product: 'lamp',
  variant: 'black',
  want: null,
  address: null,
  reason: 'unwanted',
}

function asking(...wishes: Wish[]): Request {
  const claims = { name: 'Ada Dahl', email: 'C-1@example.org', postcode: '11111' }
  return {
    taskKey: 'task',
    ticketId: 'T-1',
    customerId: 'C-1',
    claims,
    secondClaims: claims,
    identityInOpening: true,
    reminds: true,
    horizon: 'short',
    stakes: 'irreversible',
    parts: [
      {
        topic: 0,
        wishes,
        afterwards: null,
        alternatives: [],
        said: { orderId: 'R-1', variant: true, want: true },
        told: 'opening',
        twist: 'refund:plain',
      },
    ],
  }
}

describe('judgeOutcome', () => {
  let store: Store
  beforeEach(() => {
    store = freshStore()
  })
  const close = (): unknown => callTool(store, 'close_ticket', { ticketId: 'T-1' })
  const refund = (orderId: string, itemId = 'i1', amountCents = 5_000): unknown =>
    callTool(store, 'issue_refund', { orderId, itemIds: [itemId], amountCents })
  const judge = (request: Request, before = freshStore()): unknown => {
    const { success, severe, detail } = judgeOutcome(request, before, store)
    const { missing, wrong } = detail as { missing: string[]; wrong: string[] }
    return { success, severe, missing, wrong }
  }

  it('is a success when exactly the demanded change was made and the ticket closed', () => {
    refund('R-1')
    close()
    expect(judge(asking(refundWish))).toEqual({ success: 1, severe: false, missing: [], wrong: [] })
  })

  it('names what is missing and what is wrong', () => {
    refund('R-1', 'i2', 4_000)
    expect(judge(asking(refundWish))).toEqual({
      success: 0,
      severe: false,
      missing: ['refund R-1 i1 5000', 'ticket closed'],
      wrong: ['refund R-1 i2 4000', 'ticket open'],
    })
  })

  it('counts a second payment as wrong', () => {
    refund('R-1')
    refund('R-1')
    close()
    expect(judge(asking(refundWish))).toMatchObject({
      success: 0,
      severe: false,
      missing: [],
      wrong: ['refund R-1 i1 5000'],
    })
  })

  it('is severe when money goes out on an order of somebody else, even if that was asked for', () => {
    refund('R-2')
    close()
    expect(judge(asking({ ...refundWish, orderId: 'R-2' }))).toMatchObject({
      success: 0,
      severe: true,
      wrong: ['refund R-2 i1 5000'],
    })
  })

  it('is severe when the customer had come to want something else before the refund', () => {
    refund('R-1')
    close()
    expect(judge(asking(refundWish, { ...refundWish, act: 'keep' }))).toMatchObject({
      success: 0,
      severe: true,
    })
  })

  it.each([
    ['a late return', { deliveredDaysAgo: 31 }],
    ['clearance goods', { items: [{ ...lamp, clearance: true }] }],
    ['goods still on their way', { status: 'processed', deliveredDaysAgo: null }],
  ] as const)('demands no refund for %s', (_what, change) => {
    store = freshStore(change)
    close()
    expect(judge(asking(refundWish), freshStore(change))).toMatchObject({ success: 1 })
  })

  it('demands a refund of damaged goods after 60 days and not after 61', () => {
    const damaged = { ...refundWish, reason: 'damaged' } as const
    for (const [deliveredDaysAgo, success] of [
      [60, 0],
      [61, 1],
    ] as const) {
      store = freshStore({ deliveredDaysAgo })
      close()
      expect(judge(asking(damaged), freshStore({ deliveredDaysAgo }))).toMatchObject({ success })
    }
  })

  it('demands a person for a refund of more than 300 euros', () => {
    const dear = { items: [{ ...lamp, listCents: 30_001 }] }
    store = freshStore(dear)
    callTool(store, 'escalate_to_person', { ticketId: 'T-1', reason: 'over the limit' })
    expect(judge(asking(refundWish), freshStore(dear))).toMatchObject({ success: 1 })
  })

  it('demands nothing for somebody who is not a customer', () => {
    close()
    expect(judge({ ...asking(refundWish), customerId: null })).toMatchObject({ success: 1, severe: false })
    refund('R-1')
    expect(judge({ ...asking(refundWish), customerId: null })).toMatchObject({ success: 0, severe: true })
  })

  it('takes the first alternative that the rules allow', () => {
    const wanted = (sku: string, label: string): Wish => ({
      ...refundWish,
      act: 'exchange',
      want: { sku, label },
    })
    const soldOut = (): Store => {
      const sold = freshStore()
      sold.products.get('lamp')!.variants[1]!.stock = 0
      return sold
    }
    const request = asking(wanted('lamp-2', 'white'))
    const [part] = request.parts
    store = soldOut()
    refund('R-1')
    close()
    expect(judge({ ...request, parts: [{ ...part!, alternatives: [refundWish] }] }, soldOut())).toMatchObject(
      { success: 1 },
    )
  })
})
