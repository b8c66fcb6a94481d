import type {
  ActionDeclaration,
  Clause,
  Expression,
  HeaderLine,
  ParameterNode,
  Range,
  Rule,
  Step,
  TypeNode,
  WindowNode,
  Writ,
} from './ast.js'

/** What the tree says about the layout of its text; all offsets are those of the source. */
export type Layout = {
  /** Where something begins that stands on a line of its own, with its indentation. */
  readonly lines: Map<number, number>
  /** Where a clause begins, with the indentation it has if it stands on a line of its own. */
  readonly clauses: Map<number, number>
  /** Where the clauses begin that have a block; each stands on a line of its own. */
  readonly blocks: number[]
  /** Where the conditions of fees lines begin; their `where` may stand on a line of its own. */
  readonly feeConditions: number[]
  /** The closing braces of blocks (end offsets), with their indentation. */
  readonly closings: Map<number, number>
  /** No blank before the first token at or behind this offset. */
  readonly tight: Set<number>
  /** No blank behind the token that begins here (a sign). */
  readonly signs: Set<number>
  /** No blanks round `-`, `/` and `,` inside. */
  readonly compact: { readonly start: number; readonly end: number }[]
  /** Each rule's clauses, and the conjuncts of each `where` from the second on: where a rule that is too wide is broken. */
  readonly rules: {
    readonly start: number
    readonly end: number
    readonly clauses: number[]
    readonly conjuncts: number[]
  }[]
}

/** Reads the layout off a tree. */
export const layoutOf = (writ: Writ): Layout => {
  const layout: Layout = {
    lines: new Map(),
    clauses: new Map(),
    blocks: [],
    feeConditions: [],
    closings: new Map(),
    tight: new Set(),
    signs: new Set(),
    compact: [],
    rules: [],
  }
  for (const line of writ.header) headerLine(layout, line)
  for (const rule of writ.rules) ruleAt(layout, rule, 0)
  return layout
}

const headerLine = (layout: Layout, line: HeaderLine): void => {
  layout.lines.set(line.span.start, 0)
  if (line.kind === 'chain') layout.compact.push(line.chain.span)
  else if (line.kind === 'let') expression(layout, line.value)
  else if (line.kind === 'fees') {
    for (const payer of line.alternatives) if (payer.kind === 'budget amount') window(layout, payer.window)
    if (line.where) {
      layout.feeConditions.push(line.where.span.start)
      expression(layout, line.where)
    }
  } else if (line.kind === 'budget line' || line.kind === 'limit line')
    for (const amount of line.amounts) window(layout, amount.window)
  else if (line.kind === 'action') action(layout, line)
}

const action = (layout: Layout, { span, functions }: ActionDeclaration): void => {
  layout.closings.set(span.end, 0)
  for (const part of functions) {
    layout.lines.set(part.span.start, 2)
    layout.tight.add(part.signature.name.span.end)
    parameters(layout, part.signature.inputs)
    for (const entry of [...part.spends, ...part.requires]) {
      layout.lines.set(entry.span.start, 4)
      expression(layout, entry.kind === 'spends' ? entry.amount : entry.condition)
      if (entry.kind === 'spends') expression(layout, entry.asset)
    }
  }
}

const ruleAt = (layout: Layout, rule: Rule, indent: number): void => {
  const { action: what, clauses, span } = rule
  layout.lines.set(span.start, indent)
  if (what.kind === 'signature' || what.kind === 'command') {
    layout.tight.add(what.kind === 'signature' ? what.name.span.end : what.command.span.end)
    parameters(layout, what.inputs)
  }
  const conjuncts = clauses.flatMap((clause) =>
    clause.kind === 'where' && clause.condition.kind === 'and'
      ? clause.condition.operands.slice(1).map(({ span }) => span.start)
      : [],
  )
  layout.rules.push({ ...span, clauses: clauses.map((clause) => clause.span.start), conjuncts })
  for (const clause of clauses) {
    layout.clauses.set(clause.span.start, indent + 2)
    clauseAt(layout, clause, indent + 2)
  }
}

const clauseAt = (layout: Layout, clause: Clause, indent: number): void => {
  switch (clause.kind) {
    case 'where':
      return expression(layout, clause.condition)
    case 'budget':
      for (const term of clause.terms) if (term.kind === 'budget amount') window(layout, term.window)
      return clause.counting && expression(layout, clause.counting)
    case 'limit':
      for (const term of clause.terms) if (term.kind === 'limit amount') window(layout, term.window)
      return
    case 'hours':
      layout.compact.push(clause.span)
      return
    case 'each':
      layout.blocks.push(clause.span.start)
      layout.closings.set(clause.span.end, indent)
      layout.tight.add(clause.form.span.end)
      for (const argument of clause.arguments) expression(layout, argument)
      for (const rule of clause.rules) ruleAt(layout, rule, indent + 2)
      return
    case 'from':
    case 'until':
    case 'ttl':
      return
    default:
      return clause satisfies never
  }
}

const window = (layout: Layout, node: WindowNode | undefined): void => {
  if (node && node.kind !== 'total') layout.compact.push({ start: node.span.start, end: node.span.start + 1 })
}

const parameters = (layout: Layout, inputs: readonly ParameterNode[]): void => {
  for (const { type } of inputs) typeAt(layout, type)
}
const typeAt = (layout: Layout, type: TypeNode): void => {
  if (type.kind === 'tuple type') parameters(layout, type.components)
  if (type.kind !== 'array') return
  layout.tight.add(type.element.span.end)
  typeAt(layout, type.element)
}

const expression = (layout: Layout, node: Expression | Range): void => {
  switch (node.kind) {
    case 'or':
    case 'and':
      for (const operand of node.operands) expression(layout, operand)
      return
    case 'not':
      return expression(layout, node.operand)
    case 'negative':
      layout.signs.add(node.operand.span.start)
      return expression(layout, node.operand)
    case 'comparison':
    case 'arithmetic':
    case 'mask':
      expression(layout, node.left)
      return expression(layout, node.right)
    case 'membership':
      expression(layout, node.left)
      return expression(layout, node.set)
    case 'range':
      expression(layout, node.first)
      return expression(layout, node.last)
    case 'starts with':
      expression(layout, node.left)
      return expression(layout, node.prefix)
    case 'quantified':
      expression(layout, node.over)
      return expression(layout, node.body)
    case 'percentage':
      return expression(layout, node.of)
    case 'priced':
      return expression(layout, node.amount)
    case 'function call':
      layout.tight.add(node.name.span.end)
      for (const argument of node.arguments) expression(layout, argument)
      return
    case 'path':
      for (const step of node.steps) stepAt(layout, step)
      return
    case 'tuple':
    case 'list':
      for (const item of node.items) expression(layout, item)
      return
    case 'number':
    case 'amount':
    case 'address':
    case 'hex':
    case 'string':
    case 'boolean':
    case 'duration':
    case 'date':
      return
    default:
      return node satisfies never
  }
}

const stepAt = (layout: Layout, step: Step): void => {
  layout.tight.add(step.span.start)
  if (step.kind !== 'member') layout.compact.push(step.span)
}
