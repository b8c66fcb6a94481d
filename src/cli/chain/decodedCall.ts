import { decodeAbiParameters, decodeFunctionData, parseAbi, parseAbiParameters, size } from 'viem'
import { decode } from '../../compiler/decode.js'
import { rootOf } from '../../compiler/root.js'
import type { Hex } from '../../policy/Hex.js'
import { dateText } from './dateText.js'

/** Calldata taken apart: the function and its arguments by name; numbers are decimal texts. */
export type DecodedCall = { readonly function: string; readonly arguments: { readonly [name: string]: Decoded } }

/** An argument: a text, a call inside, or several of either. */
export type Decoded = string | DecodedCall | readonly Decoded[]

const abi = parseAbi([
  'struct Call { address target; uint256 value; bytes data; }',
  'function executeWithRuntimeValidation(bytes data, bytes authorization)',
  'function installValidation(bytes25 validationConfig, bytes4[] selectors, bytes installData, bytes[] hooks)',
  'function execute(address target, uint256 value, bytes data)',
  'function executeBatch(Call[] calls)',
  'function grant(bytes grant)',
  'function revoke(bytes32 root)',
  'function revokeAll()',
  'function renounce(address account, uint32 entityId, bytes6 tag, bytes header, bytes32 top, bytes signature)',
  'function activate(bytes grant, bytes signature)',
  'function killByText(address account, uint32 entityId, bool everyChain, uint48 time, bytes signature)',
  'function revokeByText(address account, uint32 entityId, bytes32 root, bytes signature)',
  'function createSemiModularAccount(address owner, uint256 salt)',
  'function approve(address spender, uint256 amount)',
  'function setApprovalForAll(address operator, bool approved)',
])

/** Takes calldata apart as far as it is known what it means; what is not known stays as it is. */
export const decodedCall = (data: Hex): DecodedCall | Hex => {
  try {
    return named(decodeFunctionData({ abi, data }))
  } catch {
    return data
  }
}

/** A decoded call as indented lines. */
export const decodedText = (decoded: Decoded, indent = ''): string => {
  if (typeof decoded === 'string') return `${decoded}\n`
  if (isList(decoded))
    return decoded.length === 0
      ? 'none\n'
      : `\n${decoded.map((one) => `${indent}  - ${decodedText(one, `${indent}  `)}`).join('')}`
  const lines = Object.entries(decoded.arguments).map(
    ([name, value]) => `${indent}  ${name}: ${decodedText(value, `${indent}  `)}`,
  )
  return `${decoded.function}\n${lines.join('')}`
}

const isList = (decoded: Exclude<Decoded, string>): decoded is readonly Decoded[] => Array.isArray(decoded)

const named = (call: ReturnType<typeof decodeFunctionData<typeof abi>>): DecodedCall => ({
  function: call.functionName,
  arguments: argumentsOf(call),
})

const argumentsOf = (call: ReturnType<typeof decodeFunctionData<typeof abi>>): DecodedCall['arguments'] => {
  switch (call.functionName) {
    case 'executeWithRuntimeValidation':
      return { data: decodedCall(call.args[0]), authorization: call.args[1] }
    case 'installValidation':
      return {
        validationConfig: call.args[0],
        selectors: call.args[1].map(selectorText),
        installData: installData(call.args[2]),
        hooks: call.args[3],
      }
    case 'execute':
      return { target: call.args[0], value: String(call.args[1]), data: decodedCall(call.args[2]) }
    case 'executeBatch':
      return {
        calls: call.args[0].map(({ target, value, data }) => ({
          function: 'call',
          arguments: { target, value: String(value), data: decodedCall(data) },
        })),
      }
    case 'grant':
      return { grant: grantText(call.args[0]) }
    case 'revoke':
      return { root: call.args[0] }
    case 'revokeAll':
      return {}
    case 'renounce': {
      const [account, entityId, tag, header, top, signature] = call.args
      return { account, entityId: String(entityId), tag, header, top, signature }
    }
    case 'activate':
      return { grant: grantText(call.args[0]), signature: call.args[1] }
    case 'killByText': {
      const [account, entityId, everyChain, time, signature] = call.args
      const before = `${time} (${dateText(time)})`
      return { account, entityId: String(entityId), everyChain: String(everyChain), time: before, signature }
    }
    case 'revokeByText': {
      const [account, entityId, root, signature] = call.args
      return { account, entityId: String(entityId), root, signature }
    }
    case 'createSemiModularAccount':
      return { owner: call.args[0], salt: String(call.args[1]) }
    case 'approve':
      return { spender: call.args[0], amount: String(call.args[1]) }
    case 'setApprovalForAll':
      return { operator: call.args[0], approved: String(call.args[1]) }
    default:
      return call satisfies never
  }
}

/** What the module is told when it is installed (`onInstall`). */
const installData = (data: Hex): DecodedCall => {
  const types = parseAbiParameters('uint32 entityId, address firstOwner, address secondOwner, uint8 flags, bytes grant')
  const [entityId, firstOwner, secondOwner, flags, grant] = decodeAbiParameters(types, data)
  return {
    function: 'onInstall',
    arguments: {
      entityId: String(entityId),
      firstOwner,
      secondOwner,
      flags: flags === 0 ? '0 (text grants are on)' : `${flags} (text grants are off)`,
      grant: grant === '0x' ? 'none' : grantText(grant),
    },
  }
}

const grantText = (grant: Hex): string =>
  decode(grant).ok ? `${size(grant)} bytes, the session ${rootOf(grant)}` : `${grant} (NOT A GRANT)`

const selectorText = (selector: Hex): string => {
  if (selector === '0xb61d27f6') return `${selector} (execute)`
  return selector === '0x34fcd5be' ? `${selector} (executeBatch)` : selector
}
