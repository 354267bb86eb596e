/**
 * Sends a file to the importer and reports what the server says while it reads.
 *
 * XMLHttpRequest, not fetch: it alone tells how much has been sent while the answer is not there yet.
 */

import { ProblemError } from '@leeway/contract/client'
import { ImportEvent, type ImportQuery } from '@leeway/contract/episodes'
import { Problem } from '@leeway/contract/problem'
import { newIdempotencyKey } from '../api/client.ts'
import { lineReader } from './line-reader.ts'
import { uploadPath } from './upload-path.ts'

export type ImportRun = { readonly done: Promise<void>; readonly cancel: () => void }

export function sendImport(
  project: string,
  file: File,
  query: ImportQuery,
  on: { readonly sent: (bytes: number) => void; readonly event: (event: ImportEvent) => void },
): ImportRun {
  const request = new XMLHttpRequest()
  const done = new Promise<void>((resolve, reject) => {
    const reader = lineReader((line) => {
      const parsed = ImportEvent.safeParse(JSON.parse(line))
      if (parsed.success) on.event(parsed.data)
    })
    let read = 0
    const readMore = () => {
      // Refusals are one JSON document of another kind; they are read whole, below.
      if (request.status < 200 || request.status > 299) return
      reader.push(request.responseText.slice(read))
      read = request.responseText.length
    }
    request.upload.onprogress = (event) => on.sent(event.loaded)
    request.onprogress = readMore
    request.onload = () => {
      try {
        if (request.status < 200 || request.status > 299) return reject(refusalOf(request))
        readMore()
        reader.end()
        resolve()
      } catch (error) {
        reject(error)
      }
    }
    request.onerror = () => reject(new TypeError('network'))
    request.onabort = () =>
      reject(new Error('You stopped the import. What the server had confirmed is stored.'))
  })
  request.open('POST', uploadPath(project, 'import', query))
  request.setRequestHeader('content-type', 'application/octet-stream')
  request.setRequestHeader('idempotency-key', newIdempotencyKey())
  request.send(file)
  return { done, cancel: () => request.abort() }
}

function refusalOf(request: XMLHttpRequest): Error {
  try {
    return new ProblemError(Problem.parse(JSON.parse(request.responseText)))
  } catch {
    return new Error(`The server answered ${request.status} without saying why.`)
  }
}
