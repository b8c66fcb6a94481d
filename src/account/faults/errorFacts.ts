import { BaseError } from 'viem'
import type { Hex } from '../../policy/Hex.js'

/** What an error and its causes say, gathered from wherever libraries, nodes and bundlers put it; outermost first. */
export type ErrorFacts = {
  readonly names: readonly string[]
  /** JSON-RPC codes and HTTP statuses. */
  readonly numbers: readonly number[]
  /** Codes of the system: ECONNREFUSED, ENOTFOUND. */
  readonly systemCodes: readonly string[]
  /** What node or bundler said; never the request, which repeats calldata and signatures. */
  readonly texts: readonly string[]
  /** Bytes that a call may have reverted with, the most outer first. */
  readonly reverts: readonly Hex[]
  readonly urls: readonly string[]
  /** The JSON-RPC methods of the requests that failed. */
  readonly methods: readonly string[]
}

const deepest = 12

/** Gathers the facts of any value that was thrown. */
export function errorFacts(error: unknown): ErrorFacts {
  const chain = causesOf(error)
  const texts = chain.flatMap(textsOf)
  return {
    names: chain.flatMap(({ name }) => (typeof name === 'string' ? [name] : [])),
    numbers: chain.flatMap(({ code, status }) => [code, status]).filter((each) => typeof each === 'number'),
    systemCodes: chain.flatMap(({ code }) => (typeof code === 'string' ? [code] : [])),
    texts,
    reverts: [...chain.flatMap((each) => [...hexIn(each.raw), ...hexIn(each.data)]), ...texts.flatMap(hexInText)],
    urls: chain.flatMap(({ url }) => (typeof url === 'string' ? [url] : [])),
    methods: chain.flatMap(methodsOf),
  }
}

type Link = { readonly [field: string]: unknown }

function causesOf(error: unknown): readonly Link[] {
  const chain: Link[] = []
  for (let each = error; isObject(each) && chain.length < deepest; each = each.cause) {
    if (chain.includes(each)) break
    chain.push(each)
  }
  return typeof error === 'string' ? [{ message: error }] : chain
}

/** viem puts the request into `message`, and what was answered into `details`. */
function textsOf(link: Link): readonly string[] {
  const parts = link instanceof BaseError ? [link.details, link.shortMessage] : [link.message]
  const inner = isObject(link.data) ? [link.data.message, link.data.reason] : []
  return [...parts, ...inner].filter((each): each is string => typeof each === 'string' && each !== '')
}

/** Node and bundler put the bytes into `data`, or somewhere in it. */
function hexIn(data: unknown, depth = 0): readonly Hex[] {
  if (typeof data === 'string') return /^0x([0-9a-f]{2}){4,}$/i.test(data) ? [data as Hex] : hexInText(data)
  if (!isObject(data) || depth > 3) return []
  const places = [data.data, data.revertData, data.originalError, data.inner, data.raw]
  return places.flatMap((each) => hexIn(each, depth + 1))
}

/** `reverted 0x…`: an error's selector and whole words; an address or a hash is neither. */
function hexInText(text: string): readonly Hex[] {
  const found = text.match(/0x[0-9a-f]{8,}/gi) ?? []
  return found.filter((each) => (each.length - 10) % 64 === 0) as Hex[]
}

/** viem keeps a request only where no answer came; of one that was answered by an error it is in a line for people. */
function methodsOf({ body, metaMessages }: Link): readonly string[] {
  const requests = Array.isArray(body) ? body : [body]
  const lines = Array.isArray(metaMessages) ? metaMessages : []
  const named = lines.flatMap((line) => /^Request body: \{"method":"(\w+)"/.exec(String(line))?.[1] ?? [])
  return [...named, ...methodsIn(requests)]
}

function methodsIn(requests: readonly unknown[]): readonly string[] {
  return requests.flatMap((each) => (isObject(each) && typeof each.method === 'string' ? [each.method] : []))
}

function isObject(value: unknown): value is Link {
  return typeof value === 'object' && value !== null
}
