import type { AbiType, Parameter } from '../../policy/AbiType.js'
import { parseSignature, parseType, type AbiFunction } from './parseType.js'

/** The functions of an ABI file, or what is wrong with it (one clause, without the file's name). */
export type ReadAbi =
  { readonly ok: true; readonly functions: readonly AbiFunction[] } | { readonly ok: false; readonly reason: string }

/**
 * Reads a JSON ABI (an array of entries, or a build artifact with such an `abi`) or a human-readable one (a JSON array of texts).
 * Events, errors and constructors are passed over.
 */
export function readAbi(text: string): ReadAbi {
  const json = parseJson(text)
  if (json === undefined) return { ok: false, reason: 'it is not JSON' }
  const entries: unknown = isObject(json.value) && 'abi' in json.value ? json.value.abi : json.value
  if (!Array.isArray(entries)) return { ok: false, reason: 'it holds no list of functions' }
  const functions: AbiFunction[] = []
  for (const [index, entry] of entries.entries()) {
    const read = readEntry(entry)
    if (read === undefined) return { ok: false, reason: `entry ${index} cannot be read` }
    if (read !== 'other') functions.push(read)
  }
  return functions.length > 0 ? { ok: true, functions } : { ok: false, reason: 'it holds no function' }
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const otherKinds: ReadonlySet<unknown> = new Set(['event', 'error', 'constructor', 'fallback', 'receive'])

function readEntry(entry: unknown): AbiFunction | 'other' | undefined {
  if (typeof entry === 'string') {
    const text = entry.trim()
    return /^(event|error|constructor|fallback|receive|struct)\b/.test(text) ? 'other' : parseSignature(text)
  }
  if (!isObject(entry)) return undefined
  if (otherKinds.has(entry.type)) return 'other'
  if ((entry.type !== 'function' && entry.type !== undefined) || typeof entry.name !== 'string') return undefined
  if (!/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(entry.name)) return undefined
  const inputs = readParameters(entry.inputs ?? [], 0)
  return inputs && { name: entry.name, inputs }
}

function readParameters(list: unknown, depth: number): Parameter[] | undefined {
  if (!Array.isArray(list) || depth > 16) return undefined
  const parameters: Parameter[] = []
  for (const entry of list as unknown[]) {
    if (!isObject(entry) || typeof entry.type !== 'string') return undefined
    const type = readType(entry.type, entry.components, depth)
    if (type === undefined) return undefined
    parameters.push({ name: isName(entry.name) ? entry.name : '', type })
  }
  return parameters
}

/** A name that a path can say; another is as good as none. */
const isName = (name: unknown): name is string =>
  typeof name === 'string' && /^[A-Za-z_$][A-Za-z0-9_$]{0,254}$/.test(name)

/** `tuple[2][]` with its components: the suffixes are read on a stand-in, which then gives way to the tuple. */
function readType(text: string, components: unknown, depth: number): AbiType | undefined {
  if (!text.startsWith('tuple')) return parseType(text)
  const fields = readParameters(components, depth + 1)
  const shape = parseType(`bool${text.slice('tuple'.length)}`)
  return fields && fields.length > 0 && shape ? replaceElement(shape, { kind: 'tuple', components: fields }) : undefined
}

function replaceElement(shape: AbiType, element: AbiType): AbiType {
  return shape.kind === 'array' ? { ...shape, element: replaceElement(shape.element, element) } : element
}
