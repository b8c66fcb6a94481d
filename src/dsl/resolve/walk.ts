import { quote } from '../../diagnostic/quote.js'
import type { AbiType, Parameter } from '../../policy/AbiType.js'
import type { Bytes, PathStep, Place } from '../../policy/Place.js'
import { typeText } from '../abi/selector.js'
import type { Path, Step } from '../ast.js'
import { nearest } from '../nearest.js'
import type { Context } from './Context.js'
import { isSingle, parameterList } from './parameters.js'
import { readRange } from './slice.js'
import type { Value } from './Value.js'
import { bytesValue, valueAt } from './valueAt.js'

/** Follows the steps of a path from a place of that type to what they name; undefined if they lead nowhere, which is reported. */
export function walk(
  path: Path,
  steps: readonly Step[],
  start: Place,
  type: AbiType,
  context: Context,
): Value | undefined {
  const { span } = path
  const walker = new Walker(path, context, start, type)
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'slice' && walker.isBytes()) return walker.part(step, steps[index + 1])
    if (!walker.follow(step)) return undefined
  }
  return walker.spread ? walker.spreadValue(span) : valueAt(walker.type, walker.place, span)
}

type SliceStep = Extract<Step, { kind: 'slice' }>

class Walker {
  /** The array of whose elements each is meant, once a step has gone into all of them. */
  spread: Place | undefined
  private route: readonly PathStep[]

  constructor(
    private readonly path: Path,
    private readonly context: Context,
    private readonly start: Place,
    public type: AbiType,
  ) {
    this.route = start.path
  }

  get place(): Place {
    return { ...this.start, path: this.route }
  }

  isBytes(): boolean {
    return this.spread === undefined && (this.type.kind === 'bytes' || this.type.kind === 'string')
  }

  /** The part of a byte string that the last step of a path names. */
  part(step: SliceStep, next: Step | undefined): Value | undefined {
    const range = readRange(step, this.path, this.context)
    if (range === undefined) return undefined
    if (next) return this.refuse(next, 'W111', 'a part has no parts', 'name the bytes at once: `data[4:24]`')
    const { place, type } = this
    const bytes: Bytes = range === 'whole' ? { place } : { place, slice: range }
    return bytesValue(bytes, type.kind === 'string' ? 'string' : 'bytes', this.path.span)
  }

  /** One word of every element. */
  spreadValue(span: Path['span']): Value | undefined {
    const { spread, route, type } = this
    if (spread === undefined) return undefined
    if (type.kind === 'array' || type.kind === 'tuple' || type.kind === 'bytes' || type.kind === 'string')
      return this.refuse(
        this.path,
        'W062',
        `${quote(typeText(type))} of every element is no single word`,
        'name a member of each element, or write `every x in list ( … )`',
      )
    return { kind: 'spread', place: spread, path: route, type, span }
  }

  /** Takes one step; false if there is none, which is reported. */
  follow(step: Step): boolean {
    if (step.kind === 'slice') return this.everyElement(step)
    if (step.kind === 'member' && isLength(step, this.type)) return this.noLength(step)
    if (step.kind === 'member' && this.type.kind === 'array' && !this.intoElements(step)) return false
    const next = this.next(step)
    if (next === undefined) return false
    this.route = [...this.route, next.step]
    this.type = next.type
    return true
  }

  /** `list[:]`: every element. */
  private everyElement(step: SliceStep): boolean {
    const { type } = this
    if (type.kind === 'array' && step.start === undefined && step.end === undefined) return this.intoElements(step)
    this.refuse(
      step,
      'W111',
      `${quote(typeText(type))} has no part of its own`,
      type.kind === 'array'
        ? 'name an element, `list[0]`, or write `every x in list ( … )`'
        : 'only `bytes` and `string` have parts; of a word `x & mask` takes some bits',
    )
    return false
  }

  private noLength(step: Step): false {
    const list = this.before(step)
    this.refuse(
      step,
      'W062',
      `${quote(typeText(this.type))} has no member ${quote('length')}`,
      `write \`len(${list})\``,
    )
    return false
  }

  private intoElements(step: Step): boolean {
    if (this.type.kind !== 'array') return false
    if (this.spread) {
      this.refuse(
        step,
        'W062',
        'an array inside an array is not gone into twice',
        'write `every x in list ( … )`, and inside it the sum of one element',
      )
      return false
    }
    this.spread = this.place
    this.route = []
    this.type = this.type.element
    return true
  }

  /** The author's words before a step. */
  private before(step: Step): string {
    return this.context.source.slice(this.path.span.start, step.span.start)
  }

  private refuse(node: { readonly span: Path['span'] }, code: string, message: string, help: string): undefined {
    this.context.report({ code, severity: 'error', span: node.span, message, help })
  }

  private next(step: Exclude<Step, SliceStep>): Followed | undefined {
    const { type, context } = this
    const refuse = (message: string, help: string, code = 'W062') => this.refuse(step, code, message, help)
    if (step.kind === 'member') {
      if (type.kind !== 'tuple')
        return refuse(
          `${quote(typeText(type))} has no member ${quote(step.name.text)}`,
          'only a tuple has named members',
        )
      return isSingle(type.components, step.name, context, '…')
        ? component(type.components, step.name.text, step, context)
        : undefined
    }
    const position = step.kind === 'last' ? -1 : Number(step.index.value)
    if (type.kind === 'bytes' || type.kind === 'string')
      return refuse(
        `${quote(type.kind)} has no elements`,
        `write its bytes as a slice: \`${this.before(step)}[${position}:${position === -1 ? '' : position + 1}]\``,
        'W111',
      )
    if (type.kind !== 'array' && type.kind !== 'tuple')
      return refuse(`${quote(typeText(type))} has no elements`, `write ${quote(this.path.root.text)} alone`)
    const length = type.kind === 'tuple' ? type.components.length : type.length
    if (length === undefined) {
      if (position === -1) return type.kind === 'array' ? { step: { kind: 'last' }, type: type.element } : undefined
      if (position < 0)
        return refuse('only the last element is found from the end', 'write `[last]`, or count from the beginning')
      if (position > 65_535) return refuse(`element ${position} is too far along`, 'an index is 65535 at most')
    }
    const index = position < 0 && length !== undefined ? length + position : position
    if (length !== undefined && (index < 0 || index >= length))
      return refuse(`there is no element ${position} in ${quote(typeText(type))}`, `count from 0 to ${length - 1}`)
    if (type.kind === 'array') return { step: { kind: 'element', index }, type: type.element }
    const found = type.components[index]
    return found && { step: { kind: 'component', index }, type: found.type }
  }
}

/** What other languages write for `len(list)`. */
function isLength(step: Extract<Step, { kind: 'member' }>, type: AbiType): boolean {
  if (step.name.text !== 'length') return false
  if (type.kind !== 'array') return type.kind === 'bytes' || type.kind === 'string'
  const { element } = type
  return element.kind !== 'tuple' || element.components.every((component) => component.name !== 'length')
}

type Followed = { readonly step: PathStep; readonly type: AbiType }

function component(components: readonly Parameter[], name: string, step: Step, context: Context): Followed | undefined {
  const index = components.findIndex((other) => other.name === name)
  const found = components[index]
  if (found) return { step: { kind: 'component', index }, type: found.type }
  const near = nearest(
    name,
    components.map((other) => other.name),
  )
  context.report({
    code: 'W060',
    severity: 'error',
    span: step.span,
    message: `there is no member ${quote(name)}`,
    help: near ? `did you mean \`${near}\`?` : `there are ${parameterList(components)}`,
  })
  return undefined
}
