import { describe, expect, it } from 'vitest'
import { type Address, createStore, type Order, type Store } from './store.ts'
import type { ToolArguments, ToolResult } from './tool.ts'
import { callTool, TOOLS } from './tools.ts'

const home: Address = { street: '1 Mill Lane', city: 'Ashford', postcode: '11111' }
const away: Address = { street: '2 Castle Hill', city: 'Carrow', postcode: '22222' }

function shop(...orders: Partial<Order>[]): Store {
  const store = createStore()
  store.customers.set('C-1', { id: 'C-1', name: 'Ada Dahl', email: 'ada@example.org', postcode: '11111' })
  store.customers.set('C-2', { id: 'C-2', name: 'Ada Dahl', email: 'dahl@example.org', postcode: '33333' })
  store.tickets.set('T-1', { id: 'T-1', status: 'open', notes: [] })
  store.products.set('jumper', {
    name: 'jumper',
    listCents: 5_000,
    variants: [
      { sku: 'jumper-1', label: 'S', stock: 3 },
      { sku: 'jumper-2', label: 'M', stock: 1 },
      { sku: 'jumper-3', label: 'L', stock: 0 },
    ],
  })
  const item = { product: 'jumper', variant: 'S', sku: 'jumper-1', listCents: 5_000, clearance: false }
  for (const order of orders) {
    store.orders.set('R-1', {
      id: 'R-1',
      customerId: 'C-1',
      status: 'delivered',
      orderedDaysAgo: 9,
      deliveredDaysAgo: 6,
      discountPercent: 10,
      payment: 'PayPal',
      address: home,
      items: [
        { itemId: 'i1', ...item },
        { itemId: 'i2', ...item },
      ],
      refunds: [],
      exchanges: [],
      ...order,
    })
  }
  return store
}

const code = (result: ToolResult): string => (result.ok ? 'ok' : result.code)

function expectRefusal(store: Store, tool: string, args: ToolArguments, expected: string): void {
  const before = structuredClone(store)
  expect(code(callTool(store, tool, args))).toBe(expected)
  expect(store).toEqual(before) // a refused call leaves no trace
}

describe('every call', () => {
  it('has a stakes class, mildest for look-ups and worst for what cannot be undone', () => {
    expect(Object.fromEntries([...TOOLS.values()].map((tool) => [tool.name, tool.stakes]))).toEqual({
      find_customer: 'read',
      get_order: 'read',
      list_orders: 'read',
      get_stock: 'read',
      get_policy_article: 'read',
      issue_refund: 'irreversible',
      cancel_order: 'irreversible',
      change_address: 'reversible',
      exchange_item: 'costly',
      add_note: 'reversible',
      close_ticket: 'reversible',
      escalate_to_person: 'reversible',
    })
  })

  it('refuses unknown tools, unknown parameters and values of the wrong kind', () => {
    const store = shop({})
    expectRefusal(store, 'drop_tables', {}, 'unknown_tool')
    expectRefusal(store, 'get_order', {}, 'invalid_arguments')
    expectRefusal(store, 'get_order', { orderId: 7 }, 'invalid_arguments')
    expectRefusal(store, 'get_order', { orderId: 'R-1', force: true }, 'invalid_arguments')
    for (const amountCents of [0, -5, 1.5, '100', null]) {
      expectRefusal(
        store,
        'issue_refund',
        { orderId: 'R-1', itemIds: ['i1'], amountCents },
        'invalid_arguments',
      )
    }
    for (const itemIds of [[], [1], 'i1']) {
      expectRefusal(store, 'issue_refund', { orderId: 'R-1', itemIds, amountCents: 1 }, 'invalid_arguments')
    }
    for (const address of [null, 'x', ['x'], { street: 'x', city: 'y' }, { ...away, postcode: '' }]) {
      expectRefusal(store, 'change_address', { orderId: 'R-1', address }, 'invalid_arguments')
    }
  })
})

describe('look-ups', () => {
  it('find customers by email or by name, and need one of them', () => {
    const store = shop({})
    const ada = { customerId: 'C-1', name: 'Ada Dahl', postcode: '11111' }
    expect(callTool(store, 'find_customer', { email: 'ada@example.org' })).toEqual({
      ok: true,
      value: { matches: [ada] },
    })
    expect(callTool(store, 'find_customer', { name: 'Ada Dahl' })).toMatchObject({
      value: { matches: [ada, { customerId: 'C-2' }] },
    })
    expect(callTool(store, 'find_customer', { email: 'x@example.org' })).toEqual({
      ok: true,
      value: { matches: [] },
    })
    expectRefusal(store, 'find_customer', {}, 'invalid_arguments')
  })

  it('show any order to any caller: ownership is the agent to check', () => {
    const store = shop({ customerId: 'C-2' })
    expect(callTool(store, 'get_order', { orderId: 'R-1' })).toMatchObject({
      ok: true,
      value: { customerId: 'C-2', status: 'delivered' },
    })
    expectRefusal(store, 'get_order', { orderId: 'R-2' }, 'not_found')
  })

  it('list the orders of one customer', () => {
    const store = shop({})
    expect(callTool(store, 'list_orders', { customerId: 'C-1' })).toMatchObject({
      value: { orders: [{ orderId: 'R-1' }] },
    })
    expect(callTool(store, 'list_orders', { customerId: 'C-2' })).toEqual({ ok: true, value: { orders: [] } })
    expectRefusal(store, 'list_orders', { customerId: 'C-9' }, 'not_found')
  })

  it('give stock and articles', () => {
    const store = shop({})
    expect(callTool(store, 'get_stock', { product: 'jumper' })).toMatchObject({
      value: { variants: [{ stock: 3 }, { stock: 1 }, { stock: 0 }] },
    })
    expectRefusal(store, 'get_stock', { product: 'boat' }, 'not_found')
    expect(callTool(store, 'get_policy_article', { topic: 'returns' })).toMatchObject({
      value: { rules: { returnDaysMax: 30, damagedReturnDaysMax: 60 } },
    })
    expectRefusal(store, 'get_policy_article', { topic: 'toString' }, 'not_found')
  })
})

describe('issue_refund', () => {
  const refund = (amountCents: number, itemIds: readonly string[] = ['i1']): ToolArguments => ({
    orderId: 'R-1',
    itemIds,
    amountCents,
  })

  it('pays back up to what was paid for the whole order: twice 50.00 less 10 percent is 90.00', () => {
    const store = shop({})
    expect(callTool(store, 'issue_refund', refund(4_500))).toEqual({
      ok: true,
      value: { refundedCents: 4_500, to: 'PayPal' },
    })
    expectRefusal(store, 'issue_refund', refund(4_501), 'exceeds_amount_paid')
    expect(code(callTool(store, 'issue_refund', refund(4_500)))).toBe('ok') // the same item again: it lets that pass
    expect(store.orders.get('R-1')?.refunds).toHaveLength(2)
  })

  it('knows nothing of the return window or the refund limit', () => {
    expect(code(callTool(shop({ deliveredDaysAgo: 400 }), 'issue_refund', refund(4_500)))).toBe('ok')
  })

  it('refuses what was not delivered, an item that is not there, and a locked order', () => {
    expectRefusal(shop({ status: 'pending' }), 'issue_refund', refund(1), 'not_delivered')
    expectRefusal(shop({ status: 'processed' }), 'issue_refund', refund(1), 'not_delivered')
    expectRefusal(shop({}), 'issue_refund', refund(1, ['i1', 'i3']), 'not_found')
    expectRefusal(
      shop({ exchanges: [{ itemId: 'i2', sku: 'jumper-2' }] }),
      'issue_refund',
      refund(1),
      'order_locked',
    )
    expectRefusal(shop(), 'issue_refund', refund(1), 'not_found')
  })
})

describe('cancel_order', () => {
  it('cancels a pending order once', () => {
    const store = shop({ status: 'pending' })
    expect(callTool(store, 'cancel_order', { orderId: 'R-1' })).toEqual({
      ok: true,
      value: { status: 'cancelled' },
    })
    expectRefusal(store, 'cancel_order', { orderId: 'R-1' }, 'not_pending')
  })

  it.each(['processed', 'delivered', 'cancelled'] as const)('refuses a %s order', (status) => {
    expectRefusal(shop({ status }), 'cancel_order', { orderId: 'R-1' }, 'not_pending')
  })
})

describe('change_address', () => {
  it('changes where a pending order goes', () => {
    const store = shop({ status: 'pending' })
    expect(code(callTool(store, 'change_address', { orderId: 'R-1', address: away }))).toBe('ok')
    expect(store.orders.get('R-1')?.address).toEqual(away)
  })

  it.each(['processed', 'delivered', 'cancelled'] as const)('refuses a %s order', (status) => {
    expectRefusal(shop({ status }), 'change_address', { orderId: 'R-1', address: away }, 'already_dispatched')
  })
})

describe('exchange_item', () => {
  const swap = (sku: string, itemId = 'i1'): ToolArguments => ({ orderId: 'R-1', itemId, sku })

  it('takes one from the stock and locks the order', () => {
    const store = shop({})
    expect(callTool(store, 'exchange_item', swap('jumper-2'))).toEqual({
      ok: true,
      value: { exchangedFor: 'M' },
    })
    expect(store.products.get('jumper')?.variants[1]?.stock).toBe(0)
    expectRefusal(store, 'exchange_item', swap('jumper-1', 'i2'), 'order_locked')
  })

  it('refuses what is sold out, what is the same, what is not there, and what was refunded', () => {
    expectRefusal(shop({}), 'exchange_item', swap('jumper-3'), 'out_of_stock')
    expectRefusal(shop({}), 'exchange_item', swap('jumper-1'), 'same_variant')
    expectRefusal(shop({}), 'exchange_item', swap('boat-1'), 'not_found')
    expectRefusal(shop({}), 'exchange_item', swap('jumper-2', 'i9'), 'not_found')
    expectRefusal(shop({ status: 'processed' }), 'exchange_item', swap('jumper-2'), 'not_delivered')
    const refunded = shop({ refunds: [{ itemIds: ['i1'], amountCents: 4_500, paidTo: 'C-1' }] })
    expectRefusal(refunded, 'exchange_item', swap('jumper-2'), 'item_refunded')
  })
})

describe('the ticket', () => {
  it('is closed or handed over once, and takes notes', () => {
    const store = shop({})
    expect(code(callTool(store, 'add_note', { ticketId: 'T-1', text: 'called back' }))).toBe('ok')
    expect(code(callTool(store, 'escalate_to_person', { ticketId: 'T-1', reason: 'over the limit' }))).toBe(
      'ok',
    )
    expect(store.tickets.get('T-1')).toEqual({
      id: 'T-1',
      status: 'escalated',
      notes: ['called back', 'over the limit'],
    })
    expectRefusal(store, 'close_ticket', { ticketId: 'T-1' }, 'ticket_not_open')
    expectRefusal(store, 'escalate_to_person', { ticketId: 'T-1', reason: 'again' }, 'ticket_not_open')
    expectRefusal(store, 'close_ticket', { ticketId: 'T-2' }, 'not_found')
    expectRefusal(store, 'add_note', { ticketId: 'T-2', text: 'x' }, 'not_found')
  })
})

describe('a fault of the back end strikes once', () => {
  const cancel = { orderId: 'R-1' }
  it.each([
    ['before', 'timeout', 'pending'],
    ['after', 'timeout', 'cancelled'],
    ['lost', 'ok', 'pending'],
  ] as const)('%s: answers %s and leaves the order %s', (strikes, answer, status) => {
    const store = shop({ status: 'pending' })
    store.faults.push({ tool: 'cancel_order', strikes })
    expect(code(callTool(store, 'get_order', cancel))).toBe('ok') // another tool is not struck
    expect(code(callTool(store, 'cancel_order', cancel))).toBe(answer)
    expect(store.orders.get('R-1')?.status).toBe(status)
    expect(code(callTool(store, 'cancel_order', cancel))).toBe(status === 'pending' ? 'ok' : 'not_pending')
  })
})
