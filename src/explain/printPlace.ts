import type { AbiType, Parameter } from '../policy/AbiType.js'
import type { Collection } from '../policy/Collection.js'
import type { ByteRange, Bytes, PathStep, Place } from '../policy/Place.js'
import type { Policy } from '../policy/Policy.js'

/** What names mean in one rule: the policy's, the parameters of the function, and the elements that quantifiers name, the innermost first. */
export type Names = {
  readonly policy: Policy
  readonly inputs: readonly Parameter[]
  readonly elements?: readonly NamedElement[]
}

/** What a quantifier calls an element; a packed one has no type. */
export type NamedElement = { readonly name: string; readonly type: AbiType | undefined }

/** `params.recipient`, `path[0]`, `x.amount`; an argument without a name is `args[1]`. No backquotes. */
export function printPlace(place: Place, { inputs, elements = [] }: Names): string {
  if (place.kind === 'element') {
    const element = elements[place.depth]
    return `${element?.name ?? ''}${printSteps(place.path, element?.type)}`
  }
  const text = printSteps(place.path, { kind: 'tuple', components: inputs })
  return text.startsWith('[') ? `args${text}` : text.slice(1)
}

/** The type of what stands at a place. */
export function typeAt(place: Place, { inputs, elements = [] }: Names): AbiType | undefined {
  const start: AbiType | undefined =
    place.kind === 'element' ? elements[place.depth]?.type : { kind: 'tuple', components: inputs }
  return place.path.reduce(typeInside, start)
}

/** `.amount`, `[0]`, `[last]`. */
export function printSteps(path: readonly PathStep[], start: AbiType | undefined): string {
  let text = ''
  let type = start
  for (const step of path) {
    const name = (step.kind !== 'last' && type?.kind === 'tuple' && type.components[step.index]?.name) || ''
    if (step.kind === 'last') text += '[last]'
    else text += name === '' ? `[${step.index}]` : `.${name}`
    type = typeInside(type, step)
  }
  return text
}

function typeInside(type: AbiType | undefined, step: PathStep): AbiType | undefined {
  if (type?.kind === 'array') return type.element
  return type?.kind === 'tuple' && step.kind !== 'last' ? type.components[step.index]?.type : undefined
}

/** `` `data` ``, `` `data[0:20]` ``. */
export function printBytes({ place, slice }: Bytes, names: Names): string {
  return `\`${printPlace(place, names)}${slice === undefined ? '' : printRange(slice)}\``
}

function printRange({ start, end }: ByteRange): string {
  return `[${start === 0 ? '' : start}:${end ?? ''}]`
}

/** `` `recipients` ``, `` `path` (elements of 20 bytes, 3 bytes between) ``. */
export function printCollection(collection: Collection, names: Names): string {
  if (collection.kind === 'array') return `\`${printPlace(collection.place, names)}\``
  const { bytes, size, gap } = collection
  const between = gap === 0 ? '' : `, ${count(gap, 'byte')} between`
  return `${printBytes(bytes, names)} (elements of ${count(size, 'byte')}${between})`
}

/** The names inside a quantifier over the collection, and what it calls an element. */
export function insideOf(collection: Collection, names: Names): { readonly name: string; readonly inside: Names } {
  const { inputs, elements = [] } = names
  const taken = new Set([...inputs.map((input) => input.name), ...elements.map((element) => element.name)])
  const free = ['x', 'y', 'z', ...Array.from({ length: taken.size + 1 }, (_, index) => `x${index + 1}`)]
  const name = free.find((candidate) => !taken.has(candidate)) ?? ''
  const list = collection.kind === 'array' ? typeAt(collection.place, names) : undefined
  const type = list?.kind === 'array' ? list.element : undefined
  return { name, inside: { ...names, elements: [{ name, type }, ...elements] } }
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`
}
