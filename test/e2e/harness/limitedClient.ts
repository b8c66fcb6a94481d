import { createPublicClient, custom, http } from 'viem'
import type { Anvil } from './Anvil.js'

/** What a client asked, in order. */
export type Asked = { readonly method: string; readonly params: unknown }

type Refusal = { readonly code: number; readonly message: string }

/** A client whose provider refuses what `refuse` has words for, and that keeps note of what was asked. */
export function limitedClient(anvil: Anvil, refuse: (asked: Asked) => Refusal | undefined) {
  const asked: Asked[] = []
  const node = http(anvil.url)({ chain: anvil.chain })
  const transport = custom(
    {
      async request({ method, params }: Asked) {
        asked.push({ method, params })
        const refusal = refuse({ method, params })
        if (refusal) throw Object.assign(new Error(refusal.message), { code: refusal.code })
        return node.request({ method, params })
      },
    },
    { retryCount: 0 },
  )
  return { client: createPublicClient({ chain: anvil.chain, transport }), asked }
}

/** The blocks that an `eth_getLogs` is about; undefined for other requests. */
export function blocksOf({ method, params }: Asked): { readonly from: number; readonly to: number } | undefined {
  if (method !== 'eth_getLogs') return undefined
  const [filter] = params as [{ fromBlock: string; toBlock: string }]
  return { from: Number(filter.fromBlock), to: Number(filter.toBlock) }
}
