import type { Database } from '../db/connect.ts'

/** A database whose n-th transaction ends as if the process had been killed there. */
export function crashing(db: Database, count: number, when: 'before' | 'instead' | 'after'): Database {
  let seen = 0
  return new Proxy(db, {
    get: (target, name) => {
      if (name !== 'transaction') return Reflect.get(target, name)
      return async (work: Parameters<Database['transaction']>[0]) => {
        seen += 1
        if (seen !== count) return target.transaction(work)
        if (when === 'instead') throw new Error('killed')
        const done = await target.transaction(async (tx) => {
          const result = await work(tx)
          if (when === 'before') throw new Error('killed')
          return result
        })
        if (when === 'after') throw new Error('killed')
        return done
      }
    },
  })
}
