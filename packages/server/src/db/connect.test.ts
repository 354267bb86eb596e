import { createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { connect } from './connect.ts'

const database = await testDatabase()
afterAll(database.close)

test('a query that takes too long fails, and the next one has a connection of its own', async () => {
  const db = connect(database.url, { connectionsMax: 1, queryMsMax: 300 })
  await expect(
    db.transaction(async (tx) => {
      await tx.execute(sql`select pg_sleep(60)`)
    }),
  ).rejects.toThrow()
  await expect(db.execute(sql`select pg_sleep(60)`)).rejects.toThrow()
  expect((await db.execute(sql`select 7 as seven`)).rows).toEqual([{ seven: 7 }])
  await db.$client.end()
})

test('a connection that breaks in the middle of a transaction fails it, and nothing else', async () => {
  const db = connect(database.url, { connectionsMax: 2 })
  await expect(
    db.transaction(async (tx) => {
      const own = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
      await db.execute(sql`select pg_terminate_backend(${own.rows[0]?.pid})`)
      await pause(100)
      await tx.execute(sql`select 1`)
    }),
  ).rejects.toThrow()
  expect((await db.execute(sql`select 7 as seven`)).rows).toEqual([{ seven: 7 }])
  await db.$client.end()
})

test('who does not answer counts as away', async () => {
  const silent: Socket[] = []
  const server = createServer((socket) => silent.push(socket)).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const { port } = server.address() as { port: number }
  const db = connect(`postgres://leeway@127.0.0.1:${port}/leeway`, { connectionsMax: 1, queryMsMax: 200 })
  await expect(db.execute(sql`select 1`)).rejects.toThrow()
  for (const socket of silent) socket.destroy()
  server.close()
  await db.$client.end()
})
