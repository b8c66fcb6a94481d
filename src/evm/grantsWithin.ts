import { decodeAbiParameters, decodeFunctionData, parseAbi, parseAbiParameters, toFunctionSelector } from 'viem'
import { carriedGrant, SEGMENTS_AT } from './carriedGrant.js'
import { decode } from '../compiler/decode.js'
import { VERSION } from '../compiler/layout.js'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'

/** A grant that was found, where it stood, and what is at odds with its surroundings: a module would refuse it there. */
export type GrantFound = {
  readonly grant: Hex
  readonly policy: Policy
  readonly binding: Binding
  /** The calls around it, the outermost first; empty for a bare grant. */
  readonly via: readonly string[]
  readonly oddities: readonly string[]
}

/** What bytes say to the module: grants that it would be given, orders that end sessions, and calls that cannot be read. */
export type Within = {
  readonly grants: readonly GrantFound[]
  /** In words: `ends the session 0x…`. */
  readonly orders: readonly string[]
  /** In words, with the calls around it. */
  readonly faults: readonly string[]
  /** Whether the bytes were a call that is looked into, or a grant. */
  readonly known: boolean
}

/** Who runs the call that is looked at, as far as what stands around it says so. */
type Surroundings = {
  readonly via: readonly string[]
  readonly account?: Address | undefined
  readonly target?: Address | undefined
}

/** Deeper than any account nests its calls; it bounds the recursion. */
const deepest = 16

/**
 * Finds every grant within bytes: a bare grant, or calldata of `grant`, `activate`, `installValidation`, `execute`, `executeBatch`, `executeUserOp`,
 * `executeWithRuntimeValidation` (ERC-6900 v0.8) and `handleOps` (ERC-4337 v0.7 and v0.8) around each other, with what signatures and authorizations
 * carry there to be put into force. `signature` is that of the operation whose calldata is given. Never throws.
 */
export function grantsWithin(
  data: Hex,
  {
    signature,
    ...from
  }: {
    readonly account?: Address | undefined
    readonly target?: Address | undefined
    readonly signature?: Hex | undefined
  } = {},
): Within {
  const around = { via: [], ...from }
  const found = within(lower(data), around)
  const more = signature === undefined ? nothing : carried(lower(signature), 'signature', around)
  return more.grants.length === 0 ? found : together([found, more])
}

/** What an operation or a direct call of the session's own key carries to be put into force; the account itself is the target there, so none is said. */
function carried(bytes: Hex, where: keyof typeof SEGMENTS_AT, around: Surroundings): Within {
  const grant = carriedGrant(bytes, SEGMENTS_AT[where])
  return grant === undefined ? nothing : bare(grant, { ...inside(around, where), target: undefined })
}

const abi = parseAbi([
  'struct Call { address target; uint256 value; bytes data; }',
  'struct UserOp { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  'function grant(bytes grant)',
  'function activate(bytes grant, bytes signature)',
  'function revoke(bytes32 root)',
  'function revokeAll()',
  'function setOwners(uint32 entityId, address first, address second)',
  'function installValidation(bytes25 validationConfig, bytes4[] selectors, bytes installData, bytes[] hooks)',
  'function execute(address target, uint256 value, bytes data)',
  'function executeBatch(Call[] calls)',
  'function executeWithRuntimeValidation(bytes data, bytes authorization)',
  'function handleOps(UserOp[] ops, address beneficiary)',
])
const names = new Map(abi.map((item) => [toFunctionSelector(item), item.name]))
const executeUserOp = '0x8dd7712f'
const nothing: Within = { grants: [], orders: [], faults: [], known: true }

function within(data: Hex, around: Surroundings): Within {
  const selector = data.slice(0, 10)
  if (around.via.length > deepest) return { ...nothing, faults: [`calls are nested deeper than ${deepest}`] }
  if (selector === executeUserOp) return within(`0x${data.slice(10)}`, inside(around, 'executeUserOp'))
  const name = names.get(selector as Hex)
  if (name === undefined) {
    if (data.startsWith(`0x0${VERSION}`)) return bare(data, around)
    return { ...nothing, known: false }
  }
  try {
    return called(decodeFunctionData({ abi, data }), inside(around, name))
  } catch {
    return { ...nothing, faults: [`${pathOf(around, name)}: its arguments cannot be read`] }
  }
}

function called(call: ReturnType<typeof decodeFunctionData<typeof abi>>, around: Surroundings): Within {
  switch (call.functionName) {
    case 'grant':
      return bare(call.args[0], around)
    case 'activate':
      // Whoever likes may send it.
      return bare(call.args[0], { ...around, account: undefined })
    case 'revoke':
      return { ...nothing, orders: [`ends the session ${call.args[0]}`] }
    case 'revokeAll':
      return { ...nothing, orders: ['ends every session of the account'] }
    case 'setOwners':
      return { ...nothing, orders: ['names other owners and so ends every session of the account'] }
    case 'installValidation':
      return installed(call.args[0], call.args[2], around)
    case 'execute':
      return within(call.args[2], { ...around, target: lowerCase(call.args[0]) })
    case 'executeBatch':
      return together(
        call.args[0].map(({ target, data }, index) =>
          within(data, { ...inside(around, `call ${index}`), target: lowerCase(target) }),
        ),
      )
    case 'executeWithRuntimeValidation':
      return together([within(call.args[0], around), carried(call.args[1], 'authorization', around)])
    case 'handleOps':
      return together(
        call.args[0].flatMap(({ sender, callData, signature }, index) => {
          const account = lowerCase(sender)
          const operation = { ...inside(around, `operation ${index}`), account, target: account }
          return [within(callData, operation), carried(signature, 'signature', operation)]
        }),
      )
    default:
      return call satisfies never
  }
}

/** `config` is `module20 ‖ entityId4 ‖ flags1`; the module's install data holds the grant last, and the entity id once more. */
function installed(config: Hex, installData: Hex, around: Surroundings): Within {
  const module = lowerCase(config.slice(0, 42) as Address)
  const entityId = Number(`0x${config.slice(42, 50)}`)
  const types = parseAbiParameters('uint32 entityId, address first, address second, uint8 flags, bytes grant')
  const [saidId, , , , grant] = decodeAbiParameters(types, installData)
  if (grant === '0x') return nothing
  const found = bare(grant, { ...around, target: module })
  const oddities = [
    ...(saidId === entityId
      ? []
      : [`the install names entity ${entityId} to the account, but ${saidId} to the module`]),
  ]
  return {
    ...found,
    grants: found.grants.map((one) => ({
      ...one,
      oddities: [
        ...one.oddities,
        ...oddities,
        ...(one.binding.entityId === entityId
          ? []
          : [`the grant is for entity ${one.binding.entityId}, but it comes with the install of entity ${entityId}`]),
      ],
    })),
  }
}

function bare(grant: Hex, { via, account, target }: Surroundings): Within {
  const decoded = decode(grant)
  if (!decoded.ok) {
    const place = via.length === 0 ? '' : `${via.join(' → ')}: `
    return { ...nothing, faults: [`${place}the grant is not valid: ${decoded.reason} at byte ${decoded.offset}`] }
  }
  const { policy, binding } = decoded
  const oddities = [
    ...(target === undefined || target === binding.module
      ? []
      : [`the grant names the module ${binding.module}, but it is sent to ${target}`]),
    ...(account === undefined || account === policy.account
      ? []
      : [`the grant is for the account ${policy.account}, but ${account} sends it`]),
  ]
  return { ...nothing, grants: [{ grant, policy, binding, via, oddities }] }
}

/** A part that is no call to be looked into is no fault of the whole: batches carry other calls too. */
function together(parts: readonly Within[]): Within {
  return {
    grants: parts.flatMap(({ grants }) => grants),
    orders: parts.flatMap(({ orders }) => orders),
    faults: parts.flatMap(({ faults }) => faults),
    known: true,
  }
}

function inside(around: Surroundings, step: string): Surroundings {
  return { ...around, via: [...around.via, step] }
}

function pathOf({ via }: Surroundings, name: string): string {
  return [...via, name].join(' → ')
}

function lower(hex: Hex): Hex {
  return `0x${hex.slice(2).toLowerCase()}`
}

function lowerCase(address: Address): Address {
  return `0x${address.slice(2).toLowerCase()}`
}
