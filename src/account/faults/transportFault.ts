import type { Explained } from './contractFault.js'
import type { ErrorFacts } from './errorFacts.js'

/** Whom the program spoke to. */
export type Peer = 'node' | 'bundler' | 'paymaster'

const unreachable = {
  node: 'rpc-unreachable',
  bundler: 'bundler-unreachable',
  paymaster: 'paymaster-unreachable',
} as const
const flag = { node: '--rpc', bundler: '--bundler', paymaster: '--paymaster' } as const

/** Says what failed on the way to node, bundler or paymaster; undefined where the way was free. */
export function transportFault(
  { names, numbers, systemCodes, texts, urls }: ErrorFacts,
  peer: Peer,
): Explained | undefined {
  const where = `the ${peer}${placeOf(urls)}`
  if (names.includes('TimeoutError') || systemCodes.some((each) => /TIMEDOUT|UND_ERR_.*TIMEOUT/.test(each)))
    return [
      'rpc-timeout',
      `${where} did not answer in time`,
      `try again; if it stays slow, give ${flag[peer]} another one`,
    ]
  const status = numbers.find((each) => each >= 400 && each < 600)
  const code = unreachable[peer]
  if (numbers.includes(-32005) || numbers.includes(-32007) || status === 429)
    return [
      code,
      `${where} refuses because it was asked too often`,
      `wait a while, or give ${flag[peer]} one with a higher limit`,
    ]
  if (status === 401 || status === 403)
    return [code, `${where} does not let this program in (HTTP ${status})`, `check the key in the URL of ${flag[peer]}`]
  if (numbers.includes(-32601) || numbers.includes(-32004))
    return [code, `${where} does not know the method it was asked for`, notThat[peer]]
  if (status !== undefined && names.includes('HttpRequestError'))
    return [code, `${where} answers with HTTP ${status}`, `try again later, or check the URL of ${flag[peer]}`]
  const cut = names.some((each) => /^(HttpRequestError|WebSocketRequestError|SocketClosedError)$/.test(each))
  const fetching = texts.some((each) => /fetch failed|socket hang up|terminated|network error/i.test(each))
  if (cut && texts.some((each) => /JSON|Unexpected token/i.test(each)) && !fetching)
    return [code, `${where} answers with something that is not JSON-RPC`, `check the URL of ${flag[peer]}`]
  if (cut || fetching || systemCodes.some((each) => /^E(CONN|NOTFOUND|AI_AGAIN|PIPE|HOST|NET)/.test(each)))
    return [
      code,
      `${where} cannot be reached${reasonOf(systemCodes)}`,
      `is it running, and is the URL of ${flag[peer]} right?`,
    ]
  return undefined
}

const notThat: Readonly<Record<Peer, string>> = {
  node: 'is the URL of --rpc that of a node, and not of a bundler?',
  bundler: 'is the URL of --bundler that of an ERC-4337 bundler, and not of a node?',
  paymaster: 'is the URL of --paymaster that of an ERC-7677 paymaster service for this chain?',
}

/** Only the host: what follows it is often a secret. */
function placeOf(urls: readonly string[]): string {
  const [url] = urls
  return url !== undefined && URL.canParse(url) ? ` at ${new URL(url).host}` : ''
}

function reasonOf(systemCodes: readonly string[]): string {
  const found = systemCodes.find((each) => /^E[A-Z_]+$/.test(each))
  return found === undefined ? '' : ` (${found})`
}
