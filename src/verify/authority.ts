import { encodeFunctionData, getAddress, parseAbi } from 'viem'
import { grant as grantCalldata, installData, revoke, revokeAll, setOwners } from '../compiler/calldata.js'
import { encode } from '../compiler/encode.js'
import { rootOf } from '../compiler/root.js'
import { Evm, type Outcome } from '../evm/Evm.js'
import { readError } from '../evm/moduleErrors.js'
import { placeModule } from '../evm/placeModule.js'
import { writeTag } from '../evm/sessionStorage.js'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { Disagree } from './Disagreement.js'

const MODULE = parseAbi([
  'function onInstall(bytes data)',
  'function onUninstall(bytes data)',
  'function ownersOf(address account, uint32 entityId) view returns (address first, address second, uint8 flags, bool installed)',
  'function killWord(address account) view returns (uint48 killedAt, uint48 tag)',
  'function sessionWords(address account, bytes32 root, uint256 first, uint256 count) view returns (bytes32[])',
  'function supportsInterface(bytes4 interfaceId) view returns (bool)',
  'function validateSignature(address account, uint32 entityId, address sender, bytes32 hash, bytes signature) view returns (bytes4)',
])
const FIRST: Address = `0x${'a1'.repeat(20)}`
const SECOND: Address = `0x${'b2'.repeat(20)}`
const STRANGER: Address = `0x${'c3'.repeat(20)}`
const ZERO: Address = `0x${'00'.repeat(20)}`
const ACTIVE = 1n
const REVOKED = 2n

/** What the module must answer: nothing in particular, an error by name, or these bytes. */
type Expected = { readonly error: string } | { readonly returns?: Hex | undefined }

/**
 * Lives an account's life with the module, step by step: install, grant, revoke, kill, change owners, install again, each by those who may and by
 * those who may not. Returns how many answers were compared; throws Disagree at the first that is wrong.
 */
export const judgeAuthority = async (
  policy: Policy,
  binding: Binding,
  moduleCode: Hex,
  watch?: (evm: Evm) => void,
): Promise<number> => {
  const evm = await Evm.create({ chainId: policy.chainId, time: policy.from })
  watch?.(evm)
  const { module, entityId } = binding
  const { account } = policy
  await placeModule(evm, module, moduleCode)
  await writeTag(evm, module, account, binding.tag)
  let answers = 0
  const call = (data: Hex, from: Address): Promise<Outcome> =>
    evm.call({ from, to: module, data, time: policy.from + 7 })
  const expect = async (note: string, data: Hex, expected: Expected, from = account): Promise<Outcome> => {
    const outcome = await call(data, from)
    const fail = (what: string): never => {
      throw new Disagree({ kind: 'authority', note, what: `${note}: the module ${what}`, steps: [] })
    }
    if ('error' in expected) {
      const name = outcome.success
        ? 'no error'
        : (readError(outcome.returnData)?.name ?? `${outcome.error ?? ''} ${outcome.returnData}`)
      if (name !== expected.error) fail(`says ${name}, expected was ${expected.error}`)
    } else {
      if (!outcome.success) fail(`refuses (${outcome.error ?? ''} ${outcome.returnData})`)
      if (expected.returns !== undefined && outcome.returnData !== expected.returns)
        fail(`returns ${outcome.returnData}, expected was ${expected.returns}`)
    }
    answers += 1
    return outcome
  }

  const install = (
    id: number,
    first: Address,
    options: { secondOwner?: Address; textGrants?: boolean; grant?: Hex } = {},
  ): Hex =>
    encodeFunctionData({
      abi: MODULE,
      functionName: 'onInstall',
      args: [installData({ entityId: id, firstOwner: first, textGrants: options.textGrants ?? true, ...options })],
    })
  const word = (value: bigint): string => value.toString(16).padStart(64, '0')
  const owners = (first: Address, second: Address, flags: bigint, installed: bigint): Hex =>
    `0x${word(BigInt(first))}${word(BigInt(second))}${word(flags)}${word(installed)}`
  const ownersOf = (id: number, of: Address = account): Hex =>
    encodeFunctionData({ abi: MODULE, functionName: 'ownersOf', args: [getAddress(of), id] })
  const grantOf = (change: Partial<Binding> = {}, other: Partial<Policy> = {}): Hex =>
    encode({ ...policy, ...other }, { ...binding, ...change })
  const statusOf = async (root: Hex): Promise<bigint> => {
    const data = encodeFunctionData({
      abi: MODULE,
      functionName: 'sessionWords',
      args: [getAddress(account), root, 0n, 2n],
    })
    const { returnData } = await expect('reading two words of a session', data, {})
    if (returnData.length !== 2 + 4 * 64) throw wrong(`two words are ${returnData}`)
    return BigInt(`0x${returnData.slice(2 + 2 * 64, 2 + 3 * 64)}`) >> 254n
  }
  const wrong = (what: string): Disagree => new Disagree({ kind: 'authority', note: what, what, steps: [] })
  const expectStatus = async (note: string, root: Hex, status: bigint): Promise<void> => {
    const found = await statusOf(root)
    if (found !== status) throw wrong(`${note}: the session's status is ${found}, expected was ${status}`)
  }
  const killWord = async (): Promise<{ killedAt: bigint; tag: Hex }> => {
    const data = encodeFunctionData({ abi: MODULE, functionName: 'killWord', args: [getAddress(account)] })
    const { returnData } = await expect('reading the kill word', data, {})
    return { killedAt: BigInt(returnData.slice(0, 66)), tag: `0x${returnData.slice(-12)}` }
  }

  const other = entityId === 7 ? 8 : 7
  const grant = grantOf()
  const root = rootOf(grant)
  await expect('who owns before any installation', ownersOf(entityId), { returns: owners(ZERO, ZERO, 0n, 0n) })
  await expect('a grant before the installation', grantCalldata(grant), { error: 'EntityIdNotInstalled' })
  await expect('owners before the installation', setOwners(entityId, FIRST), { error: 'EntityIdNotInstalled' })
  await expect('an installation without an owner', install(entityId, ZERO), { error: 'OwnerMissing' })
  await expect('the installation', install(entityId, FIRST, { secondOwner: SECOND, textGrants: false }), {
    returns: '0x',
  })
  await expect('who owns after it', ownersOf(entityId), { returns: owners(FIRST, SECOND, 1n, 1n) })
  await expect('who owns of another account', ownersOf(entityId, STRANGER), { returns: owners(ZERO, ZERO, 0n, 0n) })
  await expect('a second installation', install(entityId, STRANGER), { error: 'EntityIdUsed' })

  for (const [what, bytes] of [
    ['another chain', grantOf({}, { chainId: policy.chainId === 1 ? 2 : 1 })],
    ['another module', grantOf({ module: STRANGER })],
    ['another account', grantOf({}, { account: STRANGER })],
    ['another tag', grantOf({ tag: binding.tag === '0x000000000001' ? '0x000000000002' : '0x000000000001' })],
  ] as const)
    await expect(`a grant for ${what}`, grantCalldata(bytes), { error: 'GrantForAnother' })
  await expect('a grant for an entity that is not installed', grantCalldata(grantOf({ entityId: other })), {
    error: 'EntityIdNotInstalled',
  })
  await expect('a grant by somebody else', grantCalldata(grant), { error: 'GrantForAnother' }, STRANGER)
  await expectStatus('before the grant', root, 0n)
  const granted = await expect('the grant', grantCalldata(grant), { returns: root })
  if (granted.logs.length !== 1 || !granted.logs.some(({ data }) => data.includes(grant.slice(2))))
    throw wrong('the grant is not told in an event, so it could not be read back')
  await expectStatus('after the grant', root, ACTIVE)
  await expect('the same grant again', grantCalldata(grant), { error: 'RootUsed' })
  await expect('uninstalling', encodeFunctionData({ abi: MODULE, functionName: 'onUninstall', args: ['0x01'] }), {
    returns: '0x',
  })
  await expect('installing again under the same id', install(entityId, FIRST), { error: 'EntityIdUsed' })
  await expect('revoking', revoke(root), { returns: '0x' })
  await expectStatus('after the revocation', root, REVOKED)
  await expect('the revoked grant again', grantCalldata(grant), { error: 'RootUsed' })

  const unborn = grantOf({}, { key: STRANGER })
  await expect('revoking what was never granted', revoke(rootOf(unborn)), { returns: '0x' })
  await expect('granting what was revoked before', grantCalldata(unborn), { error: 'RootUsed' })

  const before = await killWord()
  if (before.killedAt !== 0n || before.tag !== binding.tag)
    throw wrong(`the first kill word is ${before.killedAt} ${before.tag}`)
  await expect('revoking everything', revokeAll(), {})
  const killed = await killWord()
  if (killed.killedAt !== BigInt(policy.from + 7) || killed.tag === before.tag)
    throw wrong(`after revoking everything the kill word is ${killed.killedAt} ${killed.tag}`)
  await expect('a grant of before the kill', grantCalldata(grantOf({}, { key: SECOND })), {
    error: 'GrantForAnother',
  })
  await expect('revoking everything again', revokeAll(), {})
  const again = await killWord()
  if (again.tag === killed.tag || again.tag === before.tag) throw wrong(`a tag came back: ${again.tag}`)
  await expect('owners without a first', setOwners(entityId, ZERO, SECOND), { error: 'OwnerMissing' })
  await expect('new owners', setOwners(entityId, SECOND, ZERO), {})
  await expect('who owns now', ownersOf(entityId), { returns: owners(SECOND, ZERO, 1n, 1n) })
  const changed = await killWord()
  if (changed.tag === again.tag || changed.killedAt !== again.killedAt)
    throw wrong(`a change of owners leaves the kill word ${changed.killedAt} ${changed.tag}`)

  const fresh = grantOf({ tag: changed.tag })
  await expect('a grant with the present tag', grantCalldata(fresh), { returns: rootOf(fresh) })
  const inside = grantOf({ tag: changed.tag, entityId: other })
  await expect('an installation that grants', install(other, FIRST, { grant: inside }), { returns: '0x' })
  await expectStatus('after an installation that grants', rootOf(inside), ACTIVE)

  for (const [id, answer] of [
    ['0x01ffc9a7', 1n],
    ['0x46c0c1b4', 1n],
    ['0xab3e34c1', 1n],
    ['0xffffffff', 0n],
  ] as const)
    await expect(
      `interface ${id}`,
      encodeFunctionData({ abi: MODULE, functionName: 'supportsInterface', args: [id] }),
      { returns: `0x${word(answer)}` },
    )
  const sign = encodeFunctionData({
    abi: MODULE,
    functionName: 'validateSignature',
    args: [getAddress(account), entityId, getAddress(account), root, '0x'],
  })
  await expect('an ERC-1271 signature', sign, { returns: `0xffffffff${'00'.repeat(28)}` })
  return answers
}
