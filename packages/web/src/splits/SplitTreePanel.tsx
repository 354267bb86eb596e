import type { SplitNode, SplitTree } from '@leeway/contract/splits'
import { Link } from '@tanstack/react-router'
import { Panel } from '../design/Panel.tsx'
import { WideTable } from '../design/WideTable.tsx'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'
import { askedWords, blameWords, planWords, RULE_WORDS, rateWords } from './split-words.ts'

/** One question with all that is below it, by height, and where they differ. */
export function SplitTreePanel({ project, tree }: { readonly project: string; readonly tree: SplitTree }) {
  const { nodes, plan, opened, leftOut, differences } = tree
  const name = (sha256: string) =>
    nodes.find((node) => node.sha256 === sha256)?.question ?? 'another question'
  return (
    <Panel title={nodes[0]?.question ?? 'A question'}>
      <ul className="figures max-w-[80ch] space-y-1 text-14">
        {planWords(plan).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        <li>
          {opened === 0
            ? 'Its parts have not been put to raters yet.'
            : `Its parts were put to raters for ${formatCountOf(opened, 'episode')}${leftOut === 0 ? '' : `; the limits left out ${formatCountOf(leftOut, 'part')}`}.`}
        </li>
      </ul>
      <WideTable label="Each question by height" className="mt-4">
        <table className="w-full min-w-[46rem] border-collapse text-14">
          <thead>
            <tr className="border-b border-line text-start text-12 text-ink-2">
              <Head>Question</Head>
              <Head>Asked of</Head>
              <Head>Episodes</Head>
              <Head>Right on known answers</Head>
              <Head>Agrees with its parts</Head>
              <Head>Erred</Head>
            </tr>
          </thead>
          <tbody className="figures">
            {nodes.map((node) => (
              <Row key={node.sha256} node={node} />
            ))}
          </tbody>
        </table>
      </WideTable>
      {differences.length === 0 ? null : (
        <details className="mt-4">
          <summary className="cursor-pointer text-14 font-semibold">
            {formatCountOf(differences.length, 'difference')} between a question and its parts
          </summary>
          <ul className="mt-2 divide-y divide-line">
            {differences.map((difference) => (
              <li key={`${difference.episodeId} ${difference.sha256}`} className="py-2 text-14">
                <Link
                  to="/p/$project/episodes/$episodeId"
                  params={{ project, episodeId: difference.episodeId }}
                  className="link"
                >
                  Episode
                </Link>
                <span className="ms-2 [overflow-wrap:anywhere]" dir="auto">
                  “{name(difference.sha256)}” {difference.said ? 'holds' : 'does not hold'}, by its parts it{' '}
                  {difference.combined ? 'does' : 'does not'}.
                </span>
                <span className="block text-ink-2 [overflow-wrap:anywhere]" dir="auto">
                  {blameWords(difference, name)}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  )
}

function Row({ node }: { readonly node: SplitNode }) {
  const { question, depth, rule, answered, known, right, compared, agree, blamed, suspected } = node
  return (
    <tr className="border-b border-line align-top last:border-0">
      <td className="py-2 pe-4">
        {/* How deep is data, so it cannot be a class. */}
        <span className="block [overflow-wrap:anywhere]" style={{ paddingInlineStart: `${depth * 1.25}rem` }}>
          <span dir="auto">{question}</span>
          {rule === null ? null : <span className="block text-12 text-ink-2">{RULE_WORDS[rule]}</span>}
        </span>
      </td>
      <td className="py-2 pe-4">{askedWords(node)}</td>
      <td className="py-2 pe-4">{formatCount(answered)}</td>
      <td className="py-2 pe-4">
        {right === null ? (
          <span className="text-ink-2">not known</span>
        ) : (
          <>
            {rateWords(right)}
            <span className="block text-12 text-ink-2">of {formatCount(known)}</span>
          </>
        )}
      </td>
      <td className="py-2 pe-4">
        {agree === null ? (
          <span className="text-ink-2">{rule === null ? 'no parts' : 'nothing to compare'}</span>
        ) : (
          <>
            {rateWords(agree)}
            <span className="block text-12 text-ink-2">of {formatCount(compared)}</span>
          </>
        )}
      </td>
      <td className="py-2">
        {blamed === 0 && suspected === 0 ? (
          <span className="text-ink-2">–</span>
        ) : (
          <>
            {blamed === 0 ? null : formatCount(blamed)}
            {suspected === 0 ? null : (
              <span className="block text-12 text-ink-2">{formatCount(suspected)} suspected</span>
            )}
          </>
        )}
      </td>
    </tr>
  )
}

function Head({ children }: { readonly children: string }) {
  return (
    <th scope="col" className="py-1.5 pe-4 text-start font-semibold">
      {children}
    </th>
  )
}
