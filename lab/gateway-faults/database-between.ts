/** Stands between a replica and its database, so that the way there can break: cut, dumb, or deaf to what the database tells. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type Way =
  | 'open'
  /** Connections end, and new ones are refused. */
  | 'cut'
  /** Connections stay, and nothing passes any more, as when a cable is pulled. */
  | 'silent'
  /** Those on which somebody listens pass nothing on; all others work. */
  | 'deaf'

export type DatabaseBetween = {
  /** The same database, by this way. */
  readonly url: string
  readonly set: (way: Way) => void
  readonly close: () => Promise<void>
}

type Pair = { readonly near: Socket; readonly far: Socket; listens: boolean }

export async function databaseBetween(database: string): Promise<DatabaseBetween> {
  const target = new URL(database)
  const pairs = new Set<Pair>()
  let way: Way = 'open'
  const passes = (pair: Pair) => way === 'open' || (way === 'deaf' && !pair.listens)
  const server = createServer((near) => {
    if (way === 'cut') {
      near.destroy()
      return
    }
    const far = connect(Number(target.port), target.hostname)
    const pair: Pair = { near, far, listens: false }
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) socket.on('error', end).on('close', end)
    near.on('data', (bytes) => {
      if (bytes.includes('listen leeway_')) pair.listens = true
      // What comes while nothing passes is lost with its connection: neither side may take it for delivered later.
      if (passes(pair)) far.write(bytes)
    })
    far.on('data', (bytes) => {
      if (passes(pair)) near.write(bytes)
    })
  }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const own = new URL(database)
  own.port = String((server.address() as AddressInfo).port)
  own.hostname = '127.0.0.1'
  const endAll = (which: (pair: Pair) => boolean) => {
    for (const pair of [...pairs]) if (which(pair)) pair.near.destroy()
  }
  return {
    url: own.href,
    set(next) {
      // A connection on which something was lost is of no more use.
      if (next === 'open') endAll((pair) => !passes(pair))
      way = next
      if (way === 'cut') endAll(() => true)
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        endAll(() => true)
      }),
  }
}
