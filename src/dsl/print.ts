import type {
  Action,
  ActionDeclaration,
  BudgetAmount,
  BudgetTerm,
  Clause,
  DayRange,
  FeesAlternative,
  HeaderLine,
  LimitTerm,
  ParameterNode,
  Place,
  Requires,
  Rule,
  Spends,
  TypeNode,
  WhenBudgeted,
  WindowNode,
  Writ,
} from './ast.js'
import { conjuncts, printExpression } from './printExpression.js'

/** The widest rule that stands on one line. */
const widest = 100

/** A writ as text, without comments: header, then rules, a blank line between them. `parse(print(x))` equals x but for spans. */
export const print = (writ: Writ): string => {
  const parts = [
    ...(writ.header.length > 0 ? [writ.header.map(printHeaderLine).join('\n')] : []),
    ...writ.rules.map((r) => printRule(r)),
  ]
  return `${parts.join('\n\n')}\n`
}

const printHeaderLine = (line: HeaderLine): string => {
  switch (line.kind) {
    case 'version':
      return `writ ${line.version.text}`
    case 'account':
    case 'key':
      return `${line.kind} ${printPlace(line.address)}`
    case 'chain':
      return `chain ${line.chain.text}`
    case 'from':
    case 'until':
      return `${line.kind} ${line.date.text}`
    case 'ttl':
      return `ttl ${line.duration.text}`
    case 'fees':
      return `fees ${line.alternatives.map(printPayer).join(' or ')}${line.where ? ` where ${printExpression(line.where)}` : ''}`
    case 'token': {
      const { decimals } = line
      const unit = !decimals ? '' : decimals.kind === 'base units' ? ' base units' : ` decimals ${decimals.text}`
      return `token ${line.name.text} = ${printPlace(line.address)}${unit}${line.abi ? ` abi ${line.abi.text}` : ''}`
    }
    case 'contract':
      return `contract ${line.name.text} = ${printPlace(line.address)}${line.abi ? ` abi ${line.abi.text}` : ''}`
    case 'let':
      return `let ${line.name.text} = ${printExpression(line.value)}`
    case 'budget line':
    case 'limit line': {
      const word = line.kind === 'budget line' ? 'budget' : 'limit'
      return `${word} ${line.name.text} = ${line.amounts.map(printTerm).join(', ')}`
    }
    case 'import':
      return `import ${line.path.text}`
    case 'action':
      return printAction(line)
    default:
      return line satisfies never
  }
}

const printPayer = (payer: FeesAlternative): string => {
  switch (payer.kind) {
    case 'budget amount':
      return printTerm(payer)
    case 'sponsored':
      return `sponsored by ${printPlace(payer.by)}`
    case 'unlimited fees':
      return 'unlimited'
    default:
      return payer satisfies never
  }
}

const printPlace = (place: Place): string => place.text

const printAction = ({ name, functions }: ActionDeclaration): string =>
  [
    `action ${name.text} {`,
    ...functions.flatMap(({ signature, spends, requires }) => [
      `  function ${printWhat(signature)}`,
      ...[...spends, ...requires].map((entry) => `    ${printEntry(entry)}`),
    ]),
    '}',
  ].join('\n')

const printEntry = (entry: Spends | Requires): string =>
  entry.kind === 'spends'
    ? `spends ${printExpression(entry.amount)} of ${printExpression(entry.asset)}${printWhen(entry.when)}`
    : `requires ${printExpression(entry.condition)}${printWhen(entry.when)}`
const printWhen = (when: WhenBudgeted | undefined): string =>
  when ? ` ${when.negated ? 'unless' : 'when'} ${when.asset.text} budget` : ''

const printRule = ({ effect, action, targets, clauses }: Rule, indent = ''): string => {
  const places = targets.map(printPlace)
  const [only] = places
  const on = only === undefined ? '' : ` on ${places.length === 1 ? only : `[${places.join(', ')}]`}`
  const parts = [`${effect} ${printWhat(action)}${on}`, ...clauses.map((clause) => printClause(clause, `${indent}  `))]
  const line = parts.join(' ')
  return indent + (line.length <= widest && !line.includes('\n') ? line : parts.join(`\n${indent}  `))
}

const printWhat = (action: Action): string => {
  switch (action.kind) {
    case 'send':
    case 'any':
      return action.kind
    case 'named':
      return action.name.text
    case 'signature':
      return `${action.name.text}(${printParameters(action.inputs)})`
    case 'command':
      return `${action.command.text}(${printParameters(action.inputs)})`
    default:
      return action satisfies never
  }
}

const printParameters = (inputs: readonly ParameterNode[]): string =>
  inputs.map(({ type, name }) => `${printType(type)}${name ? ` ${name.text}` : ''}`).join(', ')
const printType = (type: TypeNode): string => {
  switch (type.kind) {
    case 'elementary':
      return type.text
    case 'array':
      return `${printType(type.element)}[${type.length?.text ?? ''}]`
    case 'tuple type':
      return `(${printParameters(type.components)})`
    default:
      return type satisfies never
  }
}

const printClause = (clause: Clause, indent: string): string => {
  switch (clause.kind) {
    case 'where': {
      const { condition } = clause
      const line = `where ${printExpression(condition)}`
      if (indent.length + line.length <= widest || condition.kind !== 'and') return line
      return `where ${conjuncts(condition).join(`\n${indent}  and `)}`
    }
    case 'budget':
      return `budget ${clause.terms.map(printTerm).join(', ')}${clause.counting ? ` counting ${printExpression(clause.counting)}` : ''}`
    case 'limit':
      return `limit ${clause.terms.map(printTerm).join(', ')}`
    case 'hours': {
      const days = clause.days?.map(printDays).join(',')
      return `hours ${clause.start.text}-${clause.end.text} UTC${days === undefined ? '' : ` ${days}`}`
    }
    case 'from':
    case 'until':
      return `${clause.kind} ${clause.date.text}`
    case 'ttl':
      return `ttl ${clause.duration.text}`
    case 'each': {
      const head = `each ${clause.variable.text} in ${clause.form.text}(${clause.arguments.map(printExpression).join(', ')}) {`
      return [head, ...clause.rules.map((rule) => printRule(rule, `${indent}  `)), `${indent}}`].join('\n')
    }
    default:
      return clause satisfies never
  }
}

const printTerm = (term: BudgetTerm | LimitTerm | BudgetAmount): string => {
  switch (term.kind) {
    case 'budget amount':
      return printExpression(term.amount) + printWindow(term.window)
    case 'limit amount':
      return `${term.calls.text} calls${printWindow(term.window)}`
    case 'shared':
      return term.name.text
    case 'unlimited':
      return `unlimited ${term.asset.text}`
    default:
      return term satisfies never
  }
}

const printWindow = (window: WindowNode | undefined): string => {
  switch (window?.kind) {
    case undefined:
      return ''
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

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const printDays = ({ first, last }: DayRange): string =>
  first === last ? `${weekdays[first] ?? ''}` : `${weekdays[first] ?? ''}-${weekdays[last] ?? ''}`
