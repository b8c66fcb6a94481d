import type { ActionDeclaration, ActionFunction, WhenBudgeted } from '../../src/dsl/ast.js'
import { parse } from '../../src/dsl/parse.js'
import { selectorOf } from '../../src/dsl/abi/selector.js'
import { parseSignature } from '../../src/dsl/abi/parseType.js'
import { signatureText } from '../../src/dsl/abi/selector.js'

/** What the pages of the docs say of a library text: for each of its actions a table of functions, of what they spend and require. */
export const verbTables = (source: string): string =>
  parse(source)
    .writ.header.flatMap((line) => (line.kind === 'action' ? [table(line, source)] : []))
    .join('\n')

const slice = (source: string, node: { readonly span: { readonly start: number; readonly end: number } }): string =>
  source.slice(node.span.start, node.span.end).replace(/\s+/g, ' ')

const condition = (when: WhenBudgeted | undefined): string =>
  when === undefined ? '' : when.negated ? ' (with a token budget)' : ' (with an ETH budget)'

const table = ({ name, functions }: ActionDeclaration, source: string): string => {
  const rows = functions.map((node) => [
    `\`${slice(source, node.signature)}\``,
    `\`${selectorFor(node, source)}\``,
    node.spends
      .map(
        (spends) =>
          `\`${slice(source, spends.amount)}\` of \`${slice(source, spends.asset)}\`${condition(spends.when)}`,
      )
      .join('; '),
    node.requires.map((requires) => `\`${slice(source, requires.condition)}\`${condition(requires.when)}`).join('; '),
  ])
  return [
    `### ${name.text}`,
    '',
    '| function | selector | spends | requires |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ].join('\n')
}

const selectorFor = (node: ActionFunction, source: string): string => {
  const action = parseSignature(source.slice(node.signature.span.start, node.signature.span.end))
  if (action === undefined) throw new Error('a signature of the library cannot be read')
  return selectorOf(signatureText(action))
}
