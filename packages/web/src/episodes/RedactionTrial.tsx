import { RedactionPreview } from '@leeway/contract/episodes'
import { useMutation } from '@tanstack/react-query'
import { client, newIdempotencyKey } from '../api/client.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'
import { uploadPath } from './upload-path.ts'

/** Shows what the project's redaction rules would take out of the chosen file, before anything is stored. */
export function RedactionTrial({
  project,
  file,
  agent,
  policy,
}: {
  readonly project: string
  readonly file: File | null
  readonly agent: string
  readonly policy: string
}) {
  const trial = useMutation({
    mutationFn: async (chosen: File) => {
      const response = await client.send(
        uploadPath(project, 'import/preview', { file: chosen.name, agent, policy }),
        {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream', 'idempotency-key': newIdempotencyKey() },
          body: chosen,
        },
      )
      return RedactionPreview.parse(await response.json())
    },
  })
  return (
    <div className="space-y-3">
      <p className="text-ink-2">
        The project’s rules remove fields and patterns before the first write. A dry run reads the file and
        stores nothing.
      </p>
      <Button disabled={file === null || trial.isPending} onClick={() => file !== null && trial.mutate(file)}>
        {trial.isPending ? 'Reading…' : 'Try the rules on this file'}
      </Button>
      {trial.isError ? <Failure error={trial.error} /> : null}
      {trial.isSuccess ? <Findings preview={trial.data} /> : null}
    </div>
  )
}

function Findings({ preview }: { readonly preview: RedactionPreview }) {
  return (
    <div>
      <p className="figures">
        {formatCountOf(preview.episodes, 'episode')} looked at
        {preview.partial ? ', the beginning of a longer file' : ''}
        {preview.refused === 0 ? '' : `, ${formatCountOf(preview.refused, 'record')} could not be read`}.
      </p>
      {preview.rules.length === 0 ? (
        <p className="mt-1 text-ink-2">
          The project has no redaction rules: everything would be stored as it is.
        </p>
      ) : (
        <ul className="mt-2 divide-y divide-line">
          {preview.rules.map((rule) => (
            <li key={`${rule.label} ${rule.rule}`} className="py-2">
              <p>
                <span className="font-semibold">{rule.label}</span>{' '}
                <span className="text-12 text-ink-2">
                  {rule.kind}: <code className="font-mono">{rule.rule}</code>
                </span>
              </p>
              <p className="figures text-ink-2">
                {rule.removed === 0
                  ? 'Finds nothing here.'
                  : `Removes ${formatCountOf(rule.removed, 'place')} in ${formatCountOf(rule.episodes, 'episode')}.`}
              </p>
              {rule.examples.length === 0 ? null : (
                <ul className="mt-1 space-y-0.5 font-mono text-12 text-ink-2">
                  {rule.examples.map((example) => (
                    <li key={`${example.episode} ${example.path}`} dir="auto">
                      episode {formatCount(example.episode)}, {example.path}: {example.masked}
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
