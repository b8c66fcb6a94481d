import { concat, encodeAbiParameters, encodeFunctionData, numberToHex, parseAbi, parseAbiParameters } from 'viem/utils'
import type { Address, Hex } from '../policy/Hex.js'
import type { Kill } from './device/killText.js'
import { OUTER_SELECTOR } from './layout.js'

const MODULE = parseAbi([
  'function grant(bytes grant)',
  'function revoke(bytes32 root)',
  'function revokeAll()',
  'function setOwners(uint32 entityId, address first, address second)',
  'function activate(bytes data, bytes signature) returns (bytes32 root)',
  'function killByText(address account, uint32 entityId, bool everyChain, uint48 time, bytes signature)',
  'function revokeByText(address account, uint32 entityId, bytes32 root, bytes signature)',
])

// ERC-6900 v0.8, IERC6900Account.
const ACCOUNT = parseAbi([
  'function installValidation(bytes25 validationConfig, bytes4[] selectors, bytes installData, bytes[] hooks)',
  'function uninstallValidation(bytes24 moduleEntity, bytes uninstallData, bytes[] hookUninstallData)',
])

/** Of ERC-6900's validation flags (4 global, 2 signature, 1 userOp) the only one that is set: with the signature flag a key could approve deferred actions. */
const USER_OP_VALIDATION = 1

const ZERO: Address = '0x0000000000000000000000000000000000000000'

/** A validation function of an account. */
export type ModuleEntity = { readonly module: Address; readonly entityId: number }

/** What the module is told when it is installed. */
export type Install = {
  readonly entityId: number
  /** Signs text grants; not zero. */
  readonly firstOwner: Address
  /** May revoke too; left out: nobody. */
  readonly secondOwner?: Address
  /** False: only the account's own call grants. */
  readonly textGrants: boolean
  /** A grant that is put into force with the install. */
  readonly grant?: Hex
}

/** Calldata to the module by which the account puts a grant into force. */
export const grant = (bytes: Hex): Hex => encodeFunctionData({ abi: MODULE, functionName: 'grant', args: [bytes] })

/** Calldata to the module by which the account ends one session, by its root. */
export const revoke = (root: Hex): Hex => encodeFunctionData({ abi: MODULE, functionName: 'revoke', args: [root] })

/** Calldata to the module by which the account ends all sessions. */
export const revokeAll = (): Hex => encodeFunctionData({ abi: MODULE, functionName: 'revokeAll' })

/** Calldata to the module by which the account names its owners anew, which ends all sessions too. */
export const setOwners = (entityId: number, first: Address, second: Address = ZERO): Hex =>
  encodeFunctionData({ abi: MODULE, functionName: 'setOwners', args: [entityId, first, second] })

/** Calldata to the module by which anyone puts a grant into force, with the first owner's `signature` (`r ‖ s ‖ v`) of its text. */
export const activate = (bytes: Hex, signature: Hex): Hex =>
  encodeFunctionData({ abi: MODULE, functionName: 'activate', args: [bytes, signature] })

/** Calldata to the module by which anyone ends sessions, with an owner's `signature` (`r ‖ s ‖ v`) of the kill's text; the owner is one of the entity id's. */
export const endByText = (kill: Kill, entityId: number, signature: Hex): Hex =>
  kill.kind === 'session'
    ? encodeFunctionData({
        abi: MODULE,
        functionName: 'revokeByText',
        args: [kill.account, entityId, kill.root, signature],
      })
    : encodeFunctionData({
        abi: MODULE,
        functionName: 'killByText',
        args: [kill.account, entityId, kill.kind === 'everyChain', kill.before, signature],
      })

/** `abi.encode(uint32 entityId, address firstOwner, address secondOwner, uint8 flags, bytes grant)` for the module's onInstall. */
export const installData = ({ entityId, firstOwner, secondOwner, textGrants, grant: bytes }: Install): Hex =>
  encodeAbiParameters(parseAbiParameters('uint32, address, address, uint8, bytes'), [
    entityId,
    firstOwner,
    secondOwner ?? ZERO,
    textGrants ? 0 : 1,
    bytes ?? '0x',
  ])

/** Calldata to the account that installs the module as a validation for `execute` and `executeBatch`, without hooks. */
export const installValidation = (module: Address, install: Install): Hex =>
  encodeFunctionData({
    abi: ACCOUNT,
    functionName: 'installValidation',
    args: [
      concat([moduleEntity({ module, entityId: install.entityId }), numberToHex(USER_OP_VALIDATION, { size: 1 })]),
      [OUTER_SELECTOR.execute, OUTER_SELECTOR.executeBatch],
      installData(install),
      [],
    ],
  })

/** Calldata to the account that takes the validation out again; what the module remembers stays. */
export const uninstallValidation = ({ module, entityId }: ModuleEntity): Hex =>
  encodeFunctionData({
    abi: ACCOUNT,
    functionName: 'uninstallValidation',
    args: [moduleEntity({ module, entityId }), '0x', []],
  })

/** A validation's name in ERC-6900: `module20 ‖ entityId4`. */
export const moduleEntity = ({ module, entityId }: ModuleEntity): Hex =>
  concat([module, numberToHex(entityId, { size: 4 })])

export { renounce, renounceDigest } from './renounce.js'
