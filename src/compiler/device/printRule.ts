import type { Parameter } from '../../policy/AbiType.js'
import type { DeniedAction } from '../../policy/Action.js'
import type { Address } from '../../policy/Hex.js'
import type { Nested } from '../../policy/Nested.js'
import type { AllowRule, Charge, DenyRule, Rule } from '../../policy/Rule.js'
import type { Token } from '../../policy/Units.js'
import { dangerousFunctions } from '../../policy/dangerous.js'
import { typesText } from '../../policy/typeText.js'
import { isCallable, nameOf, selectorOf, signatureOf } from '../FunctionShape.js'
import { tokenOf } from '../text/numberText.js'
import { fitsLine } from '../../policy/device/glyphs.js'
import type { Lines } from './Lines.js'
import { type Printing, printLimit } from './meters.js'
import { cutName } from './names.js'
import { amountTexts } from './numbers.js'
import { printConjuncts, printCondition, printSum } from './printCondition.js'
import { printAddress } from './printOperand.js'
import { printBytes, printPlace } from './printPlace.js'
import { type PrintScope, printScopeOf } from './PrintScope.js'
import { printTimes } from './times.js'

/** One rule and what is nested in it. `label` is its number; `on` is false where the target is that of the rule around. */
export const printRule = (
  lines: Lines,
  rule: Rule,
  label: readonly number[],
  on: boolean,
  printing: Printing,
): void => {
  const { tokens } = printing.policy
  const scope = printScopeOf(tokens, inputsOf(rule.action))
  printLabel(lines, label)
  lines.word(rule.effect)
  printAction(lines, rule.action)
  if (on) printTarget(lines, rule.target, tokens)
  if (rule.effect === 'deny') {
    printDenied(lines, rule, scope)
    return
  }
  lines.end()
  for (const condition of rule.where) {
    printCondition(lines, condition, scope)
    lines.end()
  }
  for (const charge of rule.charges) printCharge(lines, charge, scope, printing)
  printUnlimited(lines, rule, printing)
  printTimes(lines, rule, () => lines.end())
  printNested(lines, rule.nested ?? [], label, scope, printing)
}

const inputsOf = (action: DeniedAction): readonly Parameter[] => (isCallable(action) ? action.inputs : [])

/** `[3]`, `[3.1]` */
const printLabel = (lines: Lines, label: readonly number[], mark = ''): void => {
  for (const [index, number] of label.entries()) {
    const text = `${index === 0 ? '[' : ''}${number}${index === label.length - 1 ? `]${mark}` : '.'}`
    if (index === 0) lines.word(text)
    else lines.soft(text)
  }
}

/** What is called: the name, its types on lines of their own, and the selector unless the name is known to be its only one. */
const printAction = (lines: Lines, action: DeniedAction): void => {
  switch (action.kind) {
    case 'any':
      lines.word('any')
      return
    case 'send':
      lines.word('ETH')
      lines.more('send')
      return
    case 'command':
      lines.word('command')
      lines.more(nameOf(action))
      printTypes(lines, typesText(action.inputs))
      return
    case 'call': {
      for (const [index, piece] of cutName(action.name).entries()) {
        if (index > 0) lines.newline()
        lines.word(piece)
      }
      printTypes(lines, typesText(action.inputs))
      const selector = selectorOf(signatureOf(action))
      if (dangerousFunctions.has(selector)) return
      lines.word('selector')
      lines.more(selector)
      return
    }
    default:
      action satisfies never
  }
}

/** Types break behind commas, and only what is longer than a line behind `(` and before `[`. */
const printTypes = (lines: Lines, types: string): void => {
  lines.newline()
  const pieces = types.split(/(?<=,)/).flatMap((piece) => (fitsLine(piece) ? [piece] : piece.split(/(?<=\()|(?=\[)/)))
  for (const [index, piece] of pieces.entries()) {
    if (index === 0) lines.word(piece)
    else lines.soft(piece)
  }
}

const printTarget = (lines: Lines, target: Address, tokens: readonly Token[]): void => {
  const token = tokenOf(target, tokens)
  lines.word('on')
  if (token === undefined) printAddress(lines, target)
  else lines.more(token.symbol)
}

/** The rest of a deny, which is one clause. */
const printDenied = (lines: Lines, rule: DenyRule, scope: PrintScope): void => {
  printTimes(lines, rule, () => {})
  if (rule.where.length > 0) {
    lines.word('if')
    printConjuncts(lines, rule.where, scope)
  }
  lines.end()
}

/** `count amount@1 max 500 USDC/day, shared #1;`, `max 10 calls/hour;` */
const printCharge = (lines: Lines, charge: Charge, scope: PrintScope, { policy, shared }: Printing): void => {
  const { tokens } = policy
  const meter = charge.kind === 'meter' ? policy.meters[charge.meter] : undefined
  if (meter?.counts !== 'calls') {
    lines.word('count')
    printSum(lines, charge.amount, scope)
  }
  lines.word('max')
  const add = (word: string): void => lines.more(word)
  if (meter !== undefined) printLimit(lines, meter, tokens, add)
  if (charge.kind === 'per call') {
    const { number, unit } = amountTexts(charge.limit, charge.asset, tokens)
    const [first = '', ...rest] = number
    add(first)
    for (const piece of rest) lines.soft(piece)
    for (const word of unit) add(word)
    lines.glue('/')
    lines.soft('call')
  } else {
    printShared(lines, shared.get(charge.meter))
  }
  if (!charge.assetChecked) {
    lines.glue(',')
    lines.word('asset')
    lines.word('unchecked')
  }
  lines.end()
}

const printShared = (lines: Lines, number: number | undefined): void => {
  if (number === undefined) return
  lines.glue(',')
  lines.word('shared')
  lines.more(`#${number}`)
}

/** What no budget holds, said for each asset, or for the whole rule where it budgets none. */
const printUnlimited = (lines: Lines, { charges, unlimited }: AllowRule, { policy }: Printing): void => {
  for (const asset of unlimited) {
    lines.word('UNLIMITED')
    lines.word(asset === 'ETH' ? asset : (tokenOf(asset, policy.tokens)?.symbol ?? ''))
    lines.end()
  }
  const budgets = charges.some(
    (charge) => charge.kind === 'per call' || policy.meters[charge.meter]?.counts !== 'calls',
  )
  if (budgets || unlimited.length > 0) return
  lines.word('no')
  lines.word('budget')
  lines.end()
}

/** Each block: where its calls are and which rules judge them, then these rules. All blocks of a rule are numbered on. */
const printNested = (
  lines: Lines,
  nested: readonly Nested[],
  label: readonly number[],
  scope: PrintScope,
  printing: Printing,
): void => {
  let count = 0
  for (const block of nested) {
    printList(lines, block, scope)
    const last = count + block.rules.length
    lines.word('only')
    if (last > count + 1) printLabel(lines, [...label, count + 1], '-')
    else printLabel(lines, [...label, last])
    if (last > count + 1) lines.soft(`[${[...label, last].join('.')}]`)
    lines.end()
    for (const rule of block.rules) {
      count += 1
      printRule(lines, rule, [...label, count], block.form === 'multisend', printing)
    }
  }
}

/** `calls in data@0`, `packed calls in arg@0`, `commands in arg@0 with inputs@1` */
const printList = (lines: Lines, block: Nested, scope: PrintScope): void => {
  switch (block.form) {
    case 'calls':
      lines.word('calls')
      lines.word('in')
      printPlace(lines, block.list, scope)
      return
    case 'multisend':
      lines.word('packed')
      lines.word('calls')
      lines.word('in')
      printBytes(lines, block.list, scope)
      return
    case 'commands':
      lines.word('commands')
      lines.word('in')
      printBytes(lines, block.list, scope)
      lines.word('with')
      printPlace(lines, block.inputs, scope)
      return
    default:
      block satisfies never
  }
}
