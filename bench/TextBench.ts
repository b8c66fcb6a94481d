import { encodeFunctionData, parseAbi, size } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { installData, renounce } from '../src/compiler/calldata.js'
import { deviceText } from '../src/compiler/device/deviceText.js'
import { killText } from '../src/compiler/device/killText.js'
import { encode } from '../src/compiler/encode.js'
import { renounceDigest } from '../src/compiler/renounce.js'
import { moduleAddress, printerAddress, readerAddress } from '../src/evm/moduleAddress.js'
import { Evm } from '../src/evm/Evm.js'
import { deployModule } from '../src/evm/placeModule.js'
import { placeTestToken } from '../src/evm/testToken.js'
import { transactionGas, type TransactionGas } from '../src/evm/transactionGas.js'
import type { Address, Hex } from '../src/policy/Hex.js'
import type { Policy } from '../src/policy/Policy.js'
import { account } from './gasPolicies.js'

const abi = parseAbi([
  'function onInstall(bytes data)',
  'function activate(bytes grant, bytes signature) returns (bytes32 root)',
  'function killByText(address account, uint32 entityId, bool everyChain, uint48 time, bytes signature)',
  'function pin(address account, address token)',
  'function read(bytes grant) view returns (bytes32, uint64, address, address, uint32, bytes6)',
  'function hashOf(bytes grant) view returns (bytes32)',
])

const owner = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const ownerAddress: Address = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
const key = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
/** Who carries what others have signed. */
const carrier: Address = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc'

const binding = { module: moduleAddress(), entityId: 1, tag: '0x000000000000' } as const

/** What it costs to put a policy into force by its owner's text, and to end it; each a transaction by a stranger. */
export type TextGas = {
  readonly activate: TransactionGas
  /** `activate` where one token's decimals are asked for and pinned. */
  readonly pin: TransactionGas
  readonly renounce: TransactionGas
  readonly killByText: TransactionGas
  /** Of the device text. */
  readonly characters: number
  /** Of the grant. */
  readonly bytes: number
  /** Gas inside the contract that prints, and inside the one that reads: without the call to it. */
  readonly printer: bigint
  readonly reader: bigint
}

/** Measures on a chain of its own, where the module is installed and the policy's tokens are pinned. */
export async function textGasOf(policy: Policy): Promise<TextGas> {
  const time = policy.from + 3600
  const evm = await Evm.create({ chainId: policy.chainId, time })
  await deployModule(evm)
  const grant = encode(policy, binding)
  const text = deviceText(policy, binding)
  const send = async (data: Hex, to: Address = binding.module, from = carrier): Promise<TransactionGas> => {
    const outcome = await evm.call({ from, to, data })
    if (!outcome.success) throw new Error(`the transaction failed: ${outcome.error}`)
    return transactionGas(data, outcome)
  }
  const inside = async (to: Address, data: Hex): Promise<bigint> => {
    const { success, gasUsed } = await evm.call({ to, data })
    if (!success) throw new Error('the grant was refused')
    return gasUsed
  }

  const install = { entityId: binding.entityId, firstOwner: ownerAddress, textGrants: true }
  await send(encodeFunctionData({ abi, functionName: 'onInstall', args: [installData(install)] }), undefined, account)
  let pin: TransactionGas | undefined
  for (const token of policy.tokens) {
    await placeTestToken(evm, token, account, 1n)
    pin = await send(encodeFunctionData({ abi, functionName: 'pin', args: [account, token.address] }))
  }
  if (pin === undefined) throw new Error('the policy has no token')

  const carry = async (): Promise<TransactionGas> => {
    const signature = await owner.signMessage({ message: text })
    return send(encodeFunctionData({ abi, functionName: 'activate', args: [grant, signature] }))
  }
  const before = evm.snapshot()
  const activate = await carry()
  const renounced = await send(renounce(grant, await key.sign({ hash: renounceDigest(grant) })))
  evm.revert(before)
  const kill = { kind: 'all', account, chainId: policy.chainId, before: time } as const
  const killed = await owner.signMessage({ message: killText(kill) })
  const args = [account, binding.entityId, false, time, killed] as const
  return {
    activate,
    pin,
    renounce: renounced,
    killByText: await send(encodeFunctionData({ abi, functionName: 'killByText', args })),
    characters: text.length,
    bytes: size(grant),
    printer: await inside(printerAddress(), encodeFunctionData({ abi, functionName: 'hashOf', args: [grant] })),
    reader: await inside(readerAddress(), encodeFunctionData({ abi, functionName: 'read', args: [grant] })),
  }
}
