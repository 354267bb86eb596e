/** Column kinds every feature's tables are made of, so that ids, times and bytes look alike everywhere. */
import { customType, timestamp, uuid } from 'drizzle-orm/pg-core'

/** UUIDv7, made by the server (`newId`), never by the database: the caller knows the id before it writes. */
export const id = (name: string) => uuid(name)

/** `timestamptz`, read back as a Date in UTC. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

export const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (value) => Buffer.from(value),
})
