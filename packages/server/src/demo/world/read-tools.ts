import type { Json } from '@leeway/core/episodes/episode'
import { ARTICLE_TOPICS, ARTICLES, type ArticleTopic } from './handbook.ts'
import type { Customer, Order } from './store.ts'
import type { Tool, ToolResult } from './tool.ts'

/** Look-ups: stakes class `read`, nothing changes. Amounts in cents, days counted back from today. */
export const READ_TOOLS: readonly Tool[] = [
  {
    name: 'find_customer',
    stakes: 'read',
    parameters: { email: 'optional text', name: 'optional text' },
    run: (store, { email, name }) => {
      if (email === undefined && name === undefined) {
        return { ok: false, code: 'invalid_arguments', message: 'Give an email address or a name.' }
      }
      const matches: Json[] = []
      for (const customer of store.customers.values()) {
        if (email !== undefined && customer.email !== email) continue
        if (name !== undefined && customer.name !== name) continue
        matches.push(customerView(customer))
      }
      return { ok: true, value: { matches } }
    },
  },
  {
    name: 'get_order',
    stakes: 'read',
    parameters: { orderId: 'text' },
    run: (store, { orderId }) => {
      const order = store.orders.get(orderId as string)
      return order === undefined ? notFound('order', orderId) : { ok: true, value: orderView(order) }
    },
  },
  {
    name: 'list_orders',
    stakes: 'read',
    parameters: { customerId: 'text' },
    run: (store, { customerId }) => {
      if (!store.customers.has(customerId as string)) return notFound('customer', customerId)
      const orders: Json[] = []
      for (const order of store.orders.values()) {
        if (order.customerId === customerId) orders.push(orderView(order))
      }
      return { ok: true, value: { orders } }
    },
  },
  {
    name: 'get_stock',
    stakes: 'read',
    parameters: { product: 'text' },
    run: (store, { product }) => {
      const found = store.products.get(product as string)
      if (found === undefined) return notFound('product', product)
      return {
        ok: true,
        value: {
          product: found.name,
          variants: found.variants.map(({ sku, label, stock }) => ({ sku, label, stock })),
        },
      }
    },
  },
  {
    name: 'get_policy_article',
    stakes: 'read',
    parameters: { topic: 'text' },
    run: (_store, { topic }) => {
      if (!ARTICLE_TOPICS.includes(topic as ArticleTopic)) return notFound('article', topic)
      const { title, text, rules } = ARTICLES[topic as ArticleTopic]
      return { ok: true, value: { title, text, rules } }
    },
  },
]

function customerView({ id, name, postcode }: Customer): Json {
  return { customerId: id, name, postcode }
}

function orderView(order: Order): Json {
  return {
    orderId: order.id,
    customerId: order.customerId,
    status: order.status,
    orderedDaysAgo: order.orderedDaysAgo,
    deliveredDaysAgo: order.deliveredDaysAgo,
    discountPercent: order.discountPercent,
    payment: order.payment,
    address: order.address,
    items: order.items.map(({ itemId, product, variant, sku, listCents, clearance }) => ({
      itemId,
      product,
      variant,
      sku,
      listCents,
      clearance,
    })),
    refunds: order.refunds.map(({ itemIds, amountCents }) => ({ itemIds, amountCents })),
    exchanges: order.exchanges.map(({ itemId, sku }) => ({ itemId, sku })),
  }
}

function notFound(what: string, key: Json | undefined): ToolResult {
  return { ok: false, code: 'not_found', message: `There is no ${what} ${String(key)}.` }
}
