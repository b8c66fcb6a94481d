import { getActivePrecompiles, type CustomPrecompile, type PrecompileFunc } from '@ethereumjs/evm'
import { createCustomCommon, Mainnet } from '@ethereumjs/common'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import type { Address, Hex } from '../policy/Hex.js'

/**
 * Signatures by decree: `ecrecover` answers `signer` for exactly this digest and signature, as if the signer had made it, and is otherwise
 * the real one. A policy can then be tested with the session key it names, whose private key only the agent has.
 */
export type Forgeries = {
  add(digest: Hex, signature: Hex, signer: Address): void
  clear(): void
}

/** The precompiles of the chain with an `ecrecover` that knows forgeries. */
export function createPrecompiles(): { customPrecompiles: CustomPrecompile[]; forgeries: Forgeries } {
  const signers = new Map<Hex, Address>()
  const real = realEcrecover()
  const ecrecover: PrecompileFunc = (input) => {
    const signer = signers.size > 0 ? signers.get(bytesToHex(input.data)) : undefined
    if (signer === undefined || input.gasLimit < gas) return real(input)
    return { executionGasUsed: gas, returnValue: hexToBytes(`0x${signer.slice(2).padStart(64, '0')}`) }
  }
  return {
    customPrecompiles: [{ address: '0x0000000000000000000000000000000000000001', function: ecrecover }],
    forgeries: {
      add: (digest, signature, signer) => signers.set(precompileInput(digest, signature), signer),
      clear: () => signers.clear(),
    },
  }
}

/** EIP-150: the price of address 1. */
const gas = 3000n

/** The 128 bytes that `ecrecover` takes, from a digest and `r ‖ s ‖ v`. */
function precompileInput(digest: Hex, signature: Hex): Hex {
  return `0x${digest.slice(2)}${signature.slice(130, 132).padStart(64, '0')}${signature.slice(2, 130)}`
}

function realEcrecover(): PrecompileFunc {
  const precompile = getActivePrecompiles(createCustomCommon({}, Mainnet)).get(
    '0000000000000000000000000000000000000001',
  )
  if (!precompile) throw new Error('the interpreter has no ecrecover')
  return precompile
}
