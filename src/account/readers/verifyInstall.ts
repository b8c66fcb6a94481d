import { type Client, keccak256 } from 'viem'
import { getBlockNumber, getCode } from 'viem/actions'
import { getAction } from 'viem/utils'
import { moduleEntity, type ModuleEntity } from '../../compiler/calldata.js'
import { OUTER_SELECTOR } from '../../compiler/layout.js'
import { contractArtifact } from '../../evm/artifacts.js'
import { printerAddress, readerAddress } from '../../evm/moduleAddress.js'
import type { Address, Hex } from '../../policy/Hex.js'
import { readValidation } from './accountView.js'
import { findSessions } from './findSessions.js'
import { findValidations } from './findValidations.js'
import { readOwners } from './readOwners.js'

/** One thing that was looked at. What could not be read is not fine. */
export type Finding = {
  readonly ok: boolean
  readonly what: string
  readonly expected: string
  readonly actual: string
  /** What to do where it is not fine. */
  readonly help: string
}

export type VerifyInstall = {
  readonly module: Address
  readonly account: Address
  readonly entityId: number
  /** Left out: whoever they are is told, and that is not fine until a person has compared it. */
  readonly expectedOwners?: { readonly first: Address; readonly second?: Address; readonly textGrants?: boolean }
  /** Other validations that the owner knows of, such as the owner's own where that is a module. */
  readonly known?: readonly ModuleEntity[]
  /** The first block that is read for what the account and the module reported; left out: the chain's first. */
  readonly fromBlock?: bigint
}

const list = (values: readonly string[]): string => (values.length === 0 ? 'none' : values.join(', '))

/**
 * Looks at an installation as a second machine should, before the first grant: the module's code, how the account has installed it, for whom,
 * and that nobody has granted anything yet. Rejects ChainFault and what the client throws where the node is away.
 */
export async function verifyInstall(client: Client, options: VerifyInstall): Promise<readonly Finding[]> {
  const { module, account } = options
  const code = await codeFindings(client, module)
  const there = (await getAction(client, getCode, 'getCode')({ address: account })) !== undefined
  const standing: Finding = {
    ok: there,
    what: 'account',
    expected: 'code',
    actual: there ? 'code' : 'nothing',
    help: 'look whether this is the right chain and the right account',
  }
  // What answers for a module that is another cannot be believed about anything else.
  if (!there || code.some(({ what, ok }) => what === 'module code' && !ok)) return [...code, standing]
  return [
    ...code,
    standing,
    ...(await validationFindings(client, options)),
    ...(await ownerFindings(client, options)),
    await sessionFinding(client, options),
  ]
}

async function codeFindings(client: Client, module: Address): Promise<readonly Finding[]> {
  const help = 'this is not the contract that writ ships: grant nothing to it'
  const at = [
    ['module code', module, contractArtifact('WritModule').deployedBytecode],
    ['reader code', readerAddress(), contractArtifact('GrantReader').deployedBytecode],
    ['printer code', printerAddress(), contractArtifact('GrantPrinter').deployedBytecode],
  ] as const
  return Promise.all(
    at.map(async ([what, address, shipped]): Promise<Finding> => {
      const code = await getAction(client, getCode, 'getCode')({ address })
      const expected = keccak256(shipped)
      const actual = code === undefined ? 'nothing' : keccak256(code)
      const missing = 'put it there with `writ deploy`'
      return { ok: actual === expected, what, expected, actual, help: code === undefined ? missing : help }
    }),
  )
}

async function validationFindings(client: Client, options: VerifyInstall): Promise<readonly Finding[]> {
  const { module, account, entityId, known = [], fromBlock = 0n } = options
  const toBlock = await getAction(client, getBlockNumber, 'getBlockNumber')({ cacheTime: 0 })
  const installed = await findValidations(client, { account, fromBlock, toBlock })
  const here = installed.filter((each) => each.entityId === entityId).map((each) => each.module)
  const others = installed
    .filter((each) => each.entityId !== entityId)
    .map((each) => moduleEntity(each))
    .filter((name) => !known.some((each) => moduleEntity(each) === name))
  const help = 'uninstall this validation, and install again under a new entity id'
  const finding = (what: string, expected: string, actual: string | undefined): Finding => ({
    ok: actual === expected,
    what,
    expected,
    actual: actual ?? 'the account does not say',
    help: actual === undefined ? 'look at the account with the tools of its maker' : help,
  })
  const view = await readValidation(client, account, { module, entityId })
  const selectors = (of: readonly Hex[]): string => [...of].sort().join(', ')
  return [
    finding(`module of entity ${entityId}`, module, list(here)),
    finding('flags', 'userOp validation only (1)', view && flagsText(view.flags)),
    finding(
      'functions',
      selectors([OUTER_SELECTOR.execute, OUTER_SELECTOR.executeBatch]),
      view && selectors(view.selectors),
    ),
    finding('validation hooks', 'none', view && list(view.validationHooks)),
    finding('execution hooks', 'none', view && list(view.executionHooks)),
    {
      ok: others.length === 0,
      what: 'other validations',
      expected: 'none',
      actual: list(others),
      help: 'each of them may act for the account too: uninstall what you do not know, and name what you know',
    },
  ]
}

const flagsText = (flags: number): string => {
  if (flags === 1) return 'userOp validation only (1)'
  const names = [(flags & 4) !== 0 && 'global', (flags & 2) !== 0 && 'signature', (flags & 1) !== 0 && 'userOp']
  return `${list(names.filter((name) => name !== false))} (${flags})`
}

async function ownerFindings(client: Client, options: VerifyInstall): Promise<readonly Finding[]> {
  const { module, account, entityId, expectedOwners } = options
  const owners = await readOwners(client, { module, account, entityId })
  const help =
    'somebody else may grant or revoke: grant nothing, uninstall this validation and install again under a new entity id'
  const installed: Finding = {
    ok: owners.installed,
    what: 'installed in the module',
    expected: `entity ${entityId}`,
    actual: owners.installed ? `entity ${entityId}` : 'never',
    help: 'install the module with `writ install`',
  }
  if (!owners.installed) return [installed]
  const compare = (what: string, expected: string | undefined, actual: string): Finding => ({
    ok: expected === actual,
    what,
    expected: expected ?? 'what you know it to be',
    actual,
    help: expected === undefined ? 'compare it, and name what you expect' : help,
  })
  return [
    installed,
    compare('first owner', expectedOwners?.first, owners.first),
    compare('second owner', expectedOwners && (expectedOwners.second ?? 'none'), owners.second ?? 'none'),
    compare(
      'grants by signed text',
      expectedOwners && ((expectedOwners.textGrants ?? true) ? 'on' : 'off'),
      owners.textGrants ? 'on' : 'off',
    ),
  ]
}

async function sessionFinding(client: Client, options: VerifyInstall): Promise<Finding> {
  const { module, account, entityId, fromBlock } = options
  const found = await findSessions(client, { module, account, ...(fromBlock !== undefined && { fromBlock }) })
  const ours = found.sessions.filter(({ binding }) => binding.entityId === entityId).map(({ root }) => root)
  const unread = found.unreadable.map(({ root }) => `${root}, which cannot be read`)
  return {
    ok: ours.length + unread.length === 0,
    what: `sessions ever granted under entity ${entityId}`,
    expected: 'none',
    actual: list([...ours, ...unread]),
    help: 'somebody granted already: where that was not you, end all with `writ revoke --all`',
  }
}
