import { encodeAbiParameters, keccak256, parseAbiParameters } from 'viem'
import { encode } from '../compiler/encode.js'
import { rootOf } from '../compiler/root.js'
import { blockHash, Evm } from '../evm/Evm.js'
import { type ModuleCodes, placeModule } from '../evm/placeModule.js'
import { slotOf, writeTag } from '../evm/sessionStorage.js'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { bytesOf, flipped, hexOf, numberBytes } from './bytes.js'
import { type Answer, answer, call, Life, refusal, type Told, told } from './Life.js'
import { judgeOwnerTexts } from './ownerTexts.js'
import { renouncing } from './renouncing.js'
import { wrongInstalls } from './wrongInstalls.js'

const address = (byte: string): Address => `0x${byte.repeat(20)}`
const word = (value: bigint | number): Hex => hexOf(numberBytes(BigInt(value)))
/** Addresses that differ in every bit, so that a bit cut off, or left from the one before, shows. */
const [FIRST, SECOND, STRANGER, ONES, ZERO] = [
  address('a1'),
  address('5e'),
  address('c3'),
  address('ff'),
  address('00'),
] as const
const LOW: Address = `0x${'1'.padStart(40, '0')}`
const HIGH: Address = `0x${'8'.padEnd(40, '0')}`
const MOST_CHAIN = 2 ** 53 - 1
const [ACTIVE, REVOKED] = [1n << 254n, 2n << 254n] as const
/** What an installation writes into a kill word that is still empty. */
const MADE = 1n << 96n
/** Words of a session that nothing has been written to. */
const REACH = 3

/** What is in force for one account. */
type Account = { readonly policy: Policy; readonly address: Address; killedAt: number; tag: Hex }

/** What an account's life is lived with. */
type Stage = {
  readonly life: Life
  readonly evm: Evm
  readonly binding: Binding
  readonly self: Account
  /** Entity ids that are not the binding's. */
  readonly other: number
  readonly last: number
}

/** What Solidity says of a sum that overflows (0x11), and of more memory than there is (0x41). */
const panic = (code: number): Answer => ({ error: `0x4e487b71${word(code).slice(2)}` })

const installing = (id: number, first: Address, second: Address, flags: number, grant: Hex = '0x'): Hex =>
  call('onInstall', [
    encodeAbiParameters(parseAbiParameters('uint32, address, address, uint8, bytes'), [
      id,
      first,
      second,
      flags,
      grant,
    ]),
  ])

const granted = (account: Address, root: Hex, grant: Hex): Told =>
  told('Granted', [account, root], encodeAbiParameters([{ type: 'bytes' }], [grant]))

/** The tag that follows upon a kill word: nobody could foresee it, and the account never had it. */
const nextTag = ({ evm, self }: Stage): Hex =>
  keccak256(
    encodeAbiParameters(parseAbiParameters('bytes32, address, uint256'), [
      blockHash(evm.number),
      self.address,
      (BigInt(self.killedAt) << 48n) | BigInt(self.tag) || MADE,
    ]),
  ).slice(0, 14) as Hex

const grantOf = ({ self, binding }: Stage, change: Partial<Binding> = {}, other: Partial<Policy> = {}): Hex =>
  encode({ ...self.policy, ...other }, { ...binding, tag: self.tag, ...change })

const elsewhere = ({ self, binding }: Stage, change: Partial<Binding>, other: Partial<Policy> = {}): Answer => {
  const recipient = { ...self.policy, ...binding, tag: self.tag, ...change, ...other }
  return refusal('GrantForAnother', [BigInt(recipient.chainId), recipient.module, recipient.account, recipient.tag])
}

const expectOwners = async (
  { life, self }: Stage,
  id: number,
  [first, second, flags]: readonly [Address, Address, number],
  of = self.address,
): Promise<void> => {
  const installed = first !== ZERO
  await life.expect('who owns', of, call('ownersOf', [of, id]), answer('ownersOf', [first, second, flags, installed]))
}

const expectKillWord = ({ life, self }: Stage): Promise<void> =>
  life.expect(
    'the kill word',
    STRANGER,
    call('killWord', [self.address]),
    answer('killWord', [self.killedAt, Number(self.tag)]),
  )

const expectWords = async ({ life, self }: Stage, root: Hex, words: readonly bigint[]): Promise<void> => {
  for (let first = 0; first <= words.length; first++) {
    const rest = words.slice(first).map(word)
    const data = call('sessionWords', [self.address, root, BigInt(first), BigInt(rest.length)])
    await life.expect(`words of a session from ${first} on`, STRANGER, data, answer('sessionWords', rest))
  }
}

const withStatus = (status: bigint): bigint[] => [status, ...Array.from({ length: REACH }, () => 0n)]

const installation = async (stage: Stage): Promise<void> => {
  const { life, self, binding, other, last } = stage
  const { entityId: id } = binding
  const by = self.address
  const notInstalled = refusal('EntityIdNotInstalled', [id])
  await expectOwners(stage, id, [ZERO, ZERO, 0])
  await life.expect('a grant before the installation', by, call('grant', [grantOf(stage)]), notInstalled)
  await life.expect('owners before the installation', by, call('setOwners', [id, FIRST, ZERO]), notInstalled)
  await life.expect('no owner', by, installing(id, ZERO, SECOND, 0), refusal('OwnerMissing'))
  for (const flags of [2, 3, 255])
    await life.expect(`flags ${flags}`, by, installing(id, FIRST, SECOND, flags), refusal('UnknownFlags', [flags]))
  for (const { note, data } of wrongInstalls(installing(id, FIRST, SECOND, 1)))
    await life.expect(note, by, data, { unread: true })
  await life.expect('the installation', by, installing(id, FIRST, ONES, 1), { returns: '0x' })
  await expectOwners(stage, id, [FIRST, ONES, 1])
  await expectOwners(stage, id, [ZERO, ZERO, 0], STRANGER)
  await expectOwners(stage, other, [ZERO, ZERO, 0])
  for (const [first, flags] of [
    [STRANGER, 1],
    [ZERO, 2],
  ] as const)
    await life.expect('a second installation', by, installing(id, first, ZERO, flags), refusal('EntityIdUsed', [id]))
  await life.expect('an installation without flags', by, installing(last, ONES, ZERO, 0), { returns: '0x' })
  await expectOwners(stage, last, [ONES, ZERO, 0])
}

const granting = async (stage: Stage): Promise<void> => {
  const { life, self, evm, binding, other } = stage
  const by = self.address
  const { policy } = self
  const grant = grantOf(stage)
  const root = rootOf(grant)
  const binds: readonly (readonly [Partial<Binding>, Partial<Policy>])[] = [
    [{}, { chainId: policy.chainId === 1 ? 2 : policy.chainId - 1 }],
    [{}, { chainId: MOST_CHAIN - (policy.chainId === MOST_CHAIN ? 1 : 0) }],
    [{ module: STRANGER }, {}],
    [{ module: hexOf(flipped(bytesOf(binding.module), 0)) }, {}],
    [{}, { account: hexOf(flipped(bytesOf(by), 0)) }],
    [{}, { account: hexOf(flipped(bytesOf(by), 159)) }],
    [{ tag: hexOf(flipped(bytesOf(self.tag), 0)) }, {}],
    [{ tag: hexOf(flipped(bytesOf(self.tag), 47)) }, {}],
  ]
  for (const [change, others] of binds)
    await life.expect(
      `a grant for ${JSON.stringify({ ...change, ...others })}`,
      by,
      call('grant', [grantOf(stage, change, others)]),
      elsewhere(stage, change, others),
    )
  for (const id of [other, (binding.entityId ^ 0x80000000) >>> 0])
    await life.expect(
      'a grant for an entity that is not installed',
      by,
      call('grant', [grantOf(stage, { entityId: id })]),
      refusal('EntityIdNotInstalled', [id]),
    )
  await life.expect('a grant by somebody else', STRANGER, call('grant', [grant]), elsewhere(stage, {}))
  await expectWords(stage, root, withStatus(0n))
  await life.expect('the root of a grant', STRANGER, call('rootOf', [grant]), answer('rootOf', root))
  await life.expect('the grant', by, call('grant', [grant]), answer('grant', root, [granted(by, root, grant)]))
  await expectWords(stage, root, withStatus(ACTIVE))
  await life.expect('the same grant again', by, call('grant', [grant]), refusal('RootUsed', [root]))
  await life.expect('uninstalling', by, call('onUninstall', ['0x01']), { returns: '0x' })
  await life.expect(
    'installing again under the same id',
    by,
    installing(binding.entityId, SECOND, ZERO, 0),
    refusal('EntityIdUsed', [binding.entityId]),
  )

  // What was counted stays readable when a session ends, to the last bit.
  const counted = ACTIVE - 1n
  const session = { account: by, root }
  await evm.setStorage(binding.module, slotOf(session, 0), word(ACTIVE | counted))
  await evm.setStorage(binding.module, slotOf(session, REACH), word(counted))
  await expectWords(stage, root, [ACTIVE | counted, 0n, 0n, counted])
  await life.expect('a revocation by somebody else', STRANGER, call('revoke', [root]), {
    returns: '0x',
    events: [told('Revoked', [STRANGER, root])],
  })
  await expectWords(stage, root, [ACTIVE | counted, 0n, 0n, counted])
  for (let time = 0; time < 2; time++) {
    await life.expect('revoking', by, call('revoke', [root]), { returns: '0x', events: [told('Revoked', [by, root])] })
    await expectWords(stage, root, [REVOKED | counted, 0n, 0n, counted])
  }
  await life.expect('the revoked grant again', by, call('grant', [grant]), refusal('RootUsed', [root]))
  const unborn = grantOf(stage, {}, { key: STRANGER })
  const never = rootOf(unborn)
  await life.expect('revoking what was never granted', by, call('revoke', [never]), {
    returns: '0x',
    events: [told('Revoked', [by, never])],
  })
  await expectWords(stage, never, withStatus(REVOKED))
  await life.expect('granting what was revoked before', by, call('grant', [unborn]), refusal('RootUsed', [never]))
}

const killing = async (stage: Stage): Promise<void> => {
  const { life, self, binding, other, last } = stage
  const { entityId: id } = binding
  const by = self.address
  await expectKillWord(stage)
  for (const pause of [0, 1, 1000]) {
    const before = grantOf(stage, {}, { key: SECOND })
    life.time += pause
    const tag = nextTag(stage)
    await life.expect('revoking everything', by, call('revokeAll'), {
      returns: '0x',
      events: [told('RevokedAll', [by], `0x${tag.slice(2).padEnd(64, '0')}`)],
    })
    const old = self.tag
    Object.assign(self, { tag, killedAt: life.time })
    await expectKillWord(stage)
    const late = refusal('GrantForAnother', [BigInt(self.policy.chainId), binding.module, by, old])
    await life.expect('a grant of before the kill', by, call('grant', [before]), late)
  }
  await life.expect('no first owner', by, call('setOwners', [id, ZERO, SECOND]), refusal('OwnerMissing'))
  await life.expect(
    'owners of an id that is not installed',
    by,
    call('setOwners', [other, ZERO, SECOND]),
    refusal('EntityIdNotInstalled', [other]),
  )
  await expectOwners(stage, id, [FIRST, ONES, 1])
  life.time += 1
  const changes: readonly (readonly [number, Address, Address, number])[] = [
    [id, LOW, ZERO, 1],
    [id, HIGH, ZERO, 1],
    [id, ONES, LOW, 1],
    [id, SECOND, ONES, 1],
    [last, LOW, ONES, 0],
    [last, ONES, ZERO, 0],
  ]
  for (const [entity, first, second, flags] of changes) {
    self.tag = nextTag(stage)
    const data = encodeAbiParameters(parseAbiParameters('address, address'), [first, second])
    await life.expect('new owners', by, call('setOwners', [entity, first, second]), {
      returns: '0x',
      events: [told('OwnersSet', [by, entity], data)],
    })
    await expectOwners(stage, entity, [first, second, flags])
    await expectKillWord(stage)
    // Whoever the owners are, the id is installed.
    await life.expect('no first owner', by, call('setOwners', [entity, ZERO, ZERO]), refusal('OwnerMissing'))
    const again = installing(entity, SECOND, ZERO, 0)
    await life.expect('an installation of what is', by, again, refusal('EntityIdUsed', [entity]))
    const grant = grantOf(stage, { entityId: entity })
    const root = rootOf(grant)
    const events = [granted(by, root, grant)]
    await life.expect('a grant under new owners', by, call('grant', [grant]), answer('grant', root, events))
  }
}

const rebirth = async (stage: Stage): Promise<void> => {
  const { life, self, binding, other } = stage
  const by = self.address
  const fresh = grantOf(stage, {}, { key: SECOND })
  const root = rootOf(fresh)
  await life.expect(
    'with the present tag',
    by,
    call('grant', [fresh]),
    answer('grant', root, [granted(by, root, fresh)]),
  )
  const inside = grantOf(stage, { entityId: other })
  const born = rootOf(inside)
  const later: Hex = `0x02${inside.slice(4)}`
  const bad = refusal('InvalidGrant', [0n])
  await life.expect('an installation with a grant of another version', by, installing(other, ONES, ZERO, 1, later), bad)
  await expectOwners(stage, other, [ZERO, ZERO, 0])
  await life.expect('an installation that grants', by, installing(other, ONES, ZERO, 1, inside), {
    returns: '0x',
    events: [granted(by, born, inside)],
  })
  await expectWords(stage, born, withStatus(ACTIVE))
  await expectOwners(stage, other, [ONES, ZERO, 1])

  for (const [id, known] of [
    ['0x01ffc9a7', true],
    ['0x46c0c1b4', true],
    ['0xab3e34c1', true],
    ['0xffffffff', false],
    ['0x00000000', false],
  ] as const) {
    const data = call('supportsInterface', [id])
    await life.expect(`interface ${id}`, STRANGER, data, answer('supportsInterface', known))
  }
  const words = (first: bigint, count: bigint): Hex => call('sessionWords', [by, root, first, count])
  await life.expect('words past the last slot', STRANGER, words((1n << 256n) - 1n, 1n), panic(0x11))
  await life.expect('words past the last slot', STRANGER, words((1n << 256n) - 2n, 3n), panic(0x11))
  await life.expect('more words than memory has', STRANGER, words(0n, 1n << 64n), panic(0x41))
  await life.expect('its id', STRANGER, call('moduleId'), answer('moduleId', 'writ.session-key.1.0.0'))
  const sign = call('validateSignature', [by, binding.entityId, by, root, '0x'])
  await life.expect('an ERC-1271 signature', by, sign, answer('validateSignature', '0xffffffff'))
  const run = (value: bigint): Hex =>
    call('validateRuntime', [by, binding.entityId, self.policy.key, value, '0x', '0x'])
  for (const value of [1n, 1n << 255n])
    await life.expect('a runtime call with ether', by, run(value), refusal('ValueSent', [value]))
  for (const caller of [STRANGER, binding.module])
    await life.expect('a runtime call by another', caller, run(0n), refusal('NotTheAccount', [caller]))
}

/** What the owners sign as text, under the id that was installed with text grants. */
const texts = async (stage: Stage, brief: boolean): Promise<void> => {
  const { life, evm, self, binding, last } = stage
  self.tag = nextTag(stage)
  const owners = encodeAbiParameters(parseAbiParameters('address, address'), [FIRST, SECOND])
  await life.expect('owners for texts', self.address, call('setOwners', [last, FIRST, SECOND]), {
    returns: '0x',
    events: [told('OwnersSet', [self.address, last], owners)],
  })
  const bound = { ...binding, entityId: last, tag: self.tag }
  const { policy, killedAt } = self
  self.tag = await judgeOwnerTexts({ life, evm, policy, binding: bound, off: binding.entityId, killedAt, brief })
}

/**
 * Lives an account's life with the module, step by step: install, grant, revoke, kill, change owners, install again, renounce, sign texts, each by those who may and by
 * those who may not; then that of a second account, whose address has the other highest and lowest bit. Compares what is returned, told in events, refused, and
 * then read of what is stored. Answers how many answers were compared; throws Disagree at the first that is wrong.
 */
export const judgeAuthority = async (
  policy: Policy,
  binding: Binding,
  options: ModuleCodes & { readonly watch?: (evm: Evm) => void } = {},
): Promise<number> => {
  const evm = await Evm.create({ chainId: policy.chainId, time: policy.from })
  options.watch?.(evm)
  const { module } = binding
  await placeModule(evm, module, options)
  const life = new Life(evm, module)
  life.time = policy.from + 7
  for (const own of [policy.account, hexOf(flipped(flipped(bytesOf(policy.account), 0), 159))]) {
    const self: Account = { policy: { ...policy, account: own }, address: own, killedAt: 0, tag: binding.tag }
    await writeTag(evm, module, own, binding.tag)
    const { entityId } = binding
    const other = entityId === 7 ? 8 : 7
    const last = entityId === 0xffffffff ? 0xfffffffe : 0xffffffff
    const stage = { life, evm, binding, self, other, last }
    await installation(stage)
    await granting(stage)
    await killing(stage)
    await rebirth(stage)
    await renouncing(life, evm, { policy: self.policy, binding: { ...binding, tag: self.tag } })
    await texts(stage, own !== policy.account)
  }
  return life.answers
}
