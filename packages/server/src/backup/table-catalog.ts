/** What tables there are, asked of PostgreSQL itself, so that a new table is backed up without a change here. */
import type pg from 'pg'
import { NOT_BACKED_UP } from './backup-format.ts'

export type CatalogColumn = { readonly name: string; readonly type: string }
export type CatalogTable = {
  readonly name: string
  readonly columns: readonly CatalogColumn[]
  readonly primaryKey: readonly string[]
}

type Row = {
  readonly name: string
  readonly columns: CatalogColumn[]
  readonly key: string[]
  readonly needs: string[]
}

/** Tables to back up, each after the ones its foreign keys point at. */
export async function readCatalog(client: pg.Client): Promise<readonly CatalogTable[]> {
  const found = await client.query<Row>(`
    select c.relname as name,
      (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
         from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      coalesce((select json_agg(a.attname order by array_position(i.indkey::int2[], a.attnum))
         from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
        where i.indrelid = c.oid and i.indisprimary), '[]') as key,
      coalesce((select json_agg(distinct f.confrelid::regclass::text)
         from pg_constraint f where f.conrelid = c.oid and f.contype = 'f'), '[]') as needs
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by c.relname`)
  const waiting = found.rows.filter(({ name }) => !NOT_BACKED_UP.includes(name))
  const sorted: Row[] = []
  while (waiting.length > 0) {
    const ready = waiting.findIndex(({ name, needs }) =>
      needs.every((need) => need === name || !waiting.some((other) => other.name === need)),
    )
    if (ready < 0) throw new Error(`foreign keys in a circle: ${waiting.map(({ name }) => name).join(', ')}`)
    sorted.push(...waiting.splice(ready, 1))
  }
  return sorted.map(({ name, columns, key }) => ({ name, columns, primaryKey: key }))
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
