import type { AmountLiteral, WindowNode } from '../ast.js'

/** A rule's target as written, and whether it is a token of the writ. */
type Target = { readonly text: string; readonly isToken: boolean }

/** What to write in place of `1000 units/day`, which does not say of what: the target's own token, or a name for what is counted, declared at the target. */
export function teachCounting({ number }: AmountLiteral, window: WindowNode, target: Target | undefined): string {
  const budget = (name: string) => `\`${number.text} units ${name}${windowText(window)}\``
  if (target?.isToken) return `write ${budget(target.text)}; calls are counted by \`limit\``
  const declared = `\`token POINTS = ${target?.text ?? '0x…'} base units\``
  return `declare what is counted, such as ${declared}, and write ${budget('POINTS')}; calls are counted by \`limit\``
}

function windowText(window: WindowNode): string {
  switch (window.kind) {
    case 'per call':
      return '/call'
    case 'total':
      return ' total'
    case 'period':
      return `/${window.period.text}${window.rolling ? ' rolling' : ''}`
    default:
      return window satisfies never
  }
}
