import { signatureOf } from '../../src/compiler/FunctionShape.js'
import type { Parameter } from '../../src/policy/AbiType.js'
import type { CommandAction, FunctionAction } from '../../src/policy/Action.js'
import type { Address } from '../../src/policy/Hex.js'
import type { Nested } from '../../src/policy/Nested.js'
import type { Place } from '../../src/policy/Place.js'
import type { DenyRule, Rule } from '../../src/policy/Rule.js'
import { buildParameters } from './abiType.js'
import { buildAllow, buildDeny } from './rule.js'
import type { Size, Source } from './Source.js'
import { buildSubjects, buildSubjectsOf, movesEther, type RuleWorld, type Subject } from './subject.js'

/** Subjects that rules are about: plain ones, or calls that carry calls. `depth` is how many blocks may be around each other. */
export const buildGroup = (source: Source, world: RuleWorld, size: Size, depth = 2): readonly Subject[] =>
  source.chance(size.carriers ?? 25)
    ? buildCarriers(source, world, size, source.pick(world.targets), depth)
    : buildSubjects(source, world)

type Carrier = { readonly inputs: readonly Parameter[]; readonly form: Nested['form']; readonly name: string }

const BYTES: Parameter['type'] = { kind: 'bytes' }
const LIST: Parameter['type'] = { kind: 'array', element: BYTES }

/** The functions of real contracts that carry calls. */
const CARRIERS: readonly Carrier[] = [
  { form: 'calls', name: 'multicall', inputs: [{ name: 'data', type: LIST }] },
  { form: 'multisend', name: 'multiSend', inputs: [{ name: 'transactions', type: BYTES }] },
  {
    form: 'commands',
    name: 'execute',
    inputs: [
      { name: 'commands', type: BYTES },
      { name: 'inputs', type: LIST },
    ],
  },
]

const buildCarriers = (
  source: Source,
  world: RuleWorld,
  size: Size,
  target: Address,
  depth: number,
): readonly Subject[] => {
  const { form, name, inputs } = source.pick(CARRIERS)
  // Now and then with other arguments before, or inside a tuple.
  const before = source.chance(30) ? buildParameters(source, 1, 1) : []
  const inTuple = source.chance(15)
  const own: readonly Parameter[] = inTuple ? [{ name: 'params', type: { kind: 'tuple', components: inputs } }] : inputs
  const action: FunctionAction = { kind: 'call', name, inputs: [...before, ...own] }
  const placeOf = (index: number): Place => ({
    kind: 'argument',
    path: inTuple
      ? [
          { kind: 'component', index: before.length },
          { kind: 'component', index },
        ]
      : [{ kind: 'component', index: before.length + index }],
  })
  const subjects = buildSubjectsOf(source, world, target, action)
  const noEther =
    form !== 'multisend' && world.wide !== true && !subjects.every((subject) => movesEther(subject, world))
  const inside: RuleWorld = { ...world, noEther }
  const nested = buildNested(source, inside, size, { form, target, list: placeOf(0), inputs: placeOf(1) }, depth)
  return subjects.map((subject) => ({ ...subject, nested: [nested] }))
}

type Block = {
  readonly form: Nested['form']
  readonly target: Address
  readonly list: Place
  readonly inputs: Place
}

const buildNested = (source: Source, world: RuleWorld, size: Size, block: Block, depth: number): Nested => {
  const { form, target, list, inputs } = block
  const inside: RuleWorld = form === 'multisend' ? world : { ...world, targets: [target] }
  switch (form) {
    case 'calls': {
      const subjects = apart(
        source.many(1, 2, () =>
          depth > 1 && source.chance(15)
            ? buildCarriers(source, inside, size, target, depth - 1)
            : buildSubjectsOf(source, inside, target, source.pick(world.functions)),
        ),
      )
      // Without calldata there is no function that the target could be asked to call: only bytes say so.
      const denied = world.wide === true ? undefined : [...world.functions, { kind: 'any' } as const]
      return { form, list, rules: buildRules(source, inside, size, subjects, denied) }
    }
    case 'multisend': {
      const subjects = apart(
        source.many(1, 2, () =>
          depth > 1 ? buildGroup(source, world, size, depth - 1) : buildSubjects(source, world),
        ),
      )
      return { form, list: { place: list }, rules: buildRules(source, inside, size, subjects) }
    }
    case 'commands': {
      const first = source.below(world.commands.length)
      const commands = world.commands.slice(first, first + 1 + source.below(3))
      const subjects = commands.flatMap((command) => buildSubjectsOf(source, inside, target, command))
      return { form, list: { place: list }, inputs, rules: buildRules(source, inside, size, subjects, commands) }
    }
    default:
      return form satisfies never
  }
}

/** The commands of a router: one byte means one thing wherever it stands. */
export const buildCommands = (source: Source): readonly CommandAction[] =>
  [0x00, 0x08, 0x0b, 0x80, 0xff].map((command) => ({
    kind: 'command',
    command,
    inputs: buildParameters(source, source.below(3), 0),
  }))

const buildRules = (
  source: Source,
  world: RuleWorld,
  size: Size,
  subjects: readonly Subject[],
  denied?: readonly DenyRule['action'][],
): readonly Rule[] =>
  source.many(1, 3, (index) =>
    index > 0 && source.chance(25)
      ? buildDeny(source, world, size, denied)
      : buildAllow(source, world, source.pick(subjects), size),
  )

/** One group for each function of each target: two could charge differently for one call. */
export const apart = (groups: readonly (readonly Subject[])[]): readonly Subject[] =>
  groups.filter((group, index) => index === groups.findIndex((other) => keyOf(other[0]) === keyOf(group[0]))).flat()

const keyOf = (subject: Subject | undefined): string => {
  if (subject === undefined) return ''
  const { target, action } = subject
  switch (action.kind) {
    case 'call':
      return `${target} ${signatureOf(action)}`
    case 'command':
      return `${target} ${action.command}`
    case 'send':
      return `${target} send`
    default:
      return action satisfies never
  }
}
