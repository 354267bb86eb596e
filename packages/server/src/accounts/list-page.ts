import { z } from 'zod'

/** Cursor of lists that go by UUIDv7, and so by time. */
export const idCursor = z.tuple([z.uuid()])
