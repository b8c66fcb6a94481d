import { decodeFunctionResult, encodeFunctionData, parseAbi } from 'viem'
import type { Hex } from '../policy/Hex.js'
import { Evm } from './Evm.js'
import { moduleAddress } from './moduleAddress.js'
import { readError } from './moduleErrors.js'
import { placeModule } from './placeModule.js'

const abi = parseAbi(['function textOf(bytes data) view returns (string text)'])

/** What the module's bytecode prints of a grant, or the name of the error by which it refuses to. */
export type Printed = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string }

/** The text of a grant as the chain prints it, by the shipped bytecode in an embedded EVM. */
export async function printGrant(grant: Hex): Promise<Printed> {
  const evm = await Evm.create({ chainId: 1 })
  await placeModule(evm, moduleAddress())
  const data = encodeFunctionData({ abi, functionName: 'textOf', args: [grant] })
  const { success, returnData } = await evm.call({ to: moduleAddress(), data })
  if (!success) return { ok: false, error: readError(returnData)?.name ?? 'a failure without a name' }
  return { ok: true, text: decodeFunctionResult({ abi, functionName: 'textOf', data: returnData }) }
}
