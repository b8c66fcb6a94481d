import { concat, encodeAbiParameters, hashMessage, keccak256, numberToHex, slice } from 'viem'
import { deviceText, displayable, sizeIfTooLong } from '../compiler/device/deviceText.js'
import { type Kill, killText } from '../compiler/device/killText.js'
import { encode } from '../compiler/encode.js'
import { rootOf } from '../compiler/root.js'
import type { Evm } from '../evm/Evm.js'
import { slotOf } from '../evm/sessionStorage.js'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { type Stated, statedBy, tokenCode, untold } from './carrying.js'
import { judgeCarried, judgeUnpinned } from './carriedTexts.js'
import { flip, HALF_ORDER, lastBit, signatureOf } from './forgery.js'
import { answer, call, type Life, refusal, type Told, told } from './Life.js'

/** Two owners that differ in every bit, and whoever carries what they signed. */
const [FIRST, SECOND, CARRIER, STRANGER, ZERO]: readonly [Address, Address, Address, Address, Address] = [
  `0x${'a1'.repeat(20)}`,
  `0x${'5e'.repeat(20)}`,
  `0x${'c3'.repeat(20)}`,
  `0x${'96'.repeat(20)}`,
  `0x${'00'.repeat(20)}`,
]
const [ACTIVE, REVOKED] = [1n << 254n, 2n << 254n] as const
const [WEEK, QUARTER] = [7 * 86400, 15 * 60] as const
/** The most decimals that can be pinned: 10^78 is more than a word holds. */
const MOST_DECIMALS = 77

/** So long a text is printed with the gas of one call, and refused by its size. */
const COUNTED_LINES = 1000
const REVERTING: Hex = '0x60006000fd'

/** What an account is to the module, and what it is asked with: the text grants of `off` are switched off. */
export type TextStage = {
  readonly life: Life
  readonly evm: Evm
  readonly policy: Policy
  /** Its entity id is installed with text grants; its tag is the account's. */
  readonly binding: Binding
  readonly off: number
  /** When the account last ended everything, unix seconds. */
  readonly killedAt: number
  /** Refusals were tried for another account: each text that is put takes its time to print. What is taken, pins and ends are tried for this one too. */
  readonly brief?: boolean
}

/** Ways in which a signature is nobody's: too short, too long, with a high s, of no parity. */
const unsigned = (signature: Hex): readonly Hex[] => [
  '0x',
  slice(signature, 0, 64),
  concat([signature, '0x00']),
  concat([slice(signature, 0, 64), '0x00']),
]

/**
 * Puts the owner's texts to the module: what it prints is what the compiler prints, and what the owners signed ends or begins sessions, whoever carries
 * it, while anything else does not. Answers the tag that is then the account's; throws Disagree where the module does otherwise.
 */
export const judgeOwnerTexts = async (stage: TextStage): Promise<Hex> => {
  await pinning(stage)
  await activating(stage)
  const tag = await killing(stage)
  await revoking({ ...stage, binding: { ...stage.binding, tag } })
  return tag
}

const pinning = async ({ life, evm, policy: { account } }: TextStage): Promise<void> => {
  // Another one for each account, whose neighbours' pins are set too.
  const token = slice(keccak256(account), 0, 20)
  const pin = (of: Address): Hex => call('pin', [of, token])
  const expectPinned = (of: Address, known: boolean, decimals: number): Promise<void> =>
    life.expect('a pin', CARRIER, call('pinned', [of, token]), answer('pinned', [known, decimals]))
  for (const code of ['0x', tokenCode(6, 31), tokenCode(MOST_DECIMALS + 1), REVERTING] as const) {
    await evm.setCode(token, code)
    await life.expect('a token without decimals', CARRIER, pin(account), refusal('NoDecimals', [token]))
    await expectPinned(account, false, 0)
  }
  for (const [of, decimals] of [
    [account, MOST_DECIMALS],
    [flip(account, 0), 0],
    [flip(account, lastBit(account)), 18],
  ] as const) {
    // As the token said once, and then as it says now.
    await evm.setCode(token, tokenCode(7))
    await life.expect('pinning', CARRIER, pin(of), { returns: '0x' })
    await evm.setCode(token, tokenCode(decimals))
    await expectPinned(of, true, 7)
    await life.expect('pinning again', CARRIER, pin(of), { returns: '0x' })
    await expectPinned(of, true, decimals)
  }
}

const activating = async (stage: TextStage): Promise<void> => {
  const { life, evm, policy, binding, brief } = stage
  const { account } = policy
  const grant = encode(policy, binding)
  const root = rootOf(grant)
  const [problem] = displayable(policy, binding)
  if (problem !== undefined) {
    const size = sizeIfTooLong(policy, binding)
    // Beyond some thousand lines the printing ends for want of gas, before it is known how long the text would be.
    const refused =
      size && size.lines <= COUNTED_LINES
        ? refusal('TextTooLong', [BigInt(size.lines), BigInt(size.characters)])
        : { fails: true as const }
    await life.expect('the text of what no device can show', CARRIER, call('textOf', [grant]), refused)
    await life.expect('its activation', CARRIER, call('activate', [grant, signatureOf(1n)]), { fails: true })
    return
  }
  const text = deviceText(policy, binding)
  await life.expect('the text', CARRIER, call('textOf', [grant]), answer('textOf', text))

  const carrying = { ...stage, owners: { first: FIRST, second: SECOND, stranger: STRANGER } }
  if (!brief) await judgeUnpinned(carrying)
  const stated = statedBy(policy)
  const activate = call('activate', [grant, signatureOf(HALF_ORDER)])
  evm.forgeries.add(hashMessage(text), signatureOf(HALF_ORDER), FIRST)
  if (untold(policy, binding) !== undefined) {
    await life.expect('a token that is none', CARRIER, activate, { fails: true })
    return evm.forgeries.clear()
  }
  if (!brief) await refusing(stage, { grant, text, stated })
  for (const each of stated) await evm.setCode(each.token, tokenCode(each.decimals))
  await life.expect('the words before', CARRIER, wordOf(account, root), words(0n))
  const event = told('Granted', [account, root], encodeAbiParameters([{ type: 'bytes' }], [grant]))
  await life.expect('activating', CARRIER, activate, answer('activate', root, [event]))
  await life.expect('the words after', CARRIER, wordOf(account, root), words(ACTIVE))
  for (const { token, decimals } of stated)
    await life.expect('a pin', CARRIER, call('pinned', [account, token]), answer('pinned', [true, decimals]))
  await life.expect('activating again', CARRIER, activate, refusal('RootUsed', [root]))
  evm.forgeries.clear()
  if (!brief) await judgeCarried(carrying, grant)
}

/** What a text is put with: the grant that it is of, and the tokens whose decimals it states. */
type Put = {
  readonly grant: Hex
  readonly text: string
  readonly stated: readonly Stated[]
}

/** Signatures that are not the first owner's, grants for another place, and tokens of other decimals. In the end the first owner has signed the text. */
const refusing = async (stage: TextStage, { grant, text, stated }: Put): Promise<void> => {
  const { life, evm, policy, binding, off } = stage
  const { account } = policy
  const signature = signatureOf(HALF_ORDER)
  const activate = (by: Hex = signature, of = grant): Hex => call('activate', [of, by])
  const notTheOwner = (signer: Address) => refusal('NotTheOwner', [signer, binding.entityId])
  for (const wrong of unsigned(signature))
    await life.expect('a signature that is none', CARRIER, activate(wrong), notTheOwner(ZERO))
  const high = signatureOf(HALF_ORDER + 1n)
  evm.forgeries.add(hashMessage(text), high, FIRST)
  await life.expect('a high s', CARRIER, activate(high), notTheOwner(ZERO))
  for (const signer of [SECOND, STRANGER]) {
    evm.forgeries.add(hashMessage(text), signature, signer)
    await life.expect('the text signed by another', CARRIER, activate(), notTheOwner(signer))
  }
  evm.forgeries.add(hashMessage(text), signature, FIRST)
  const recipient = { ...binding, account, chainId: policy.chainId }
  const others: readonly (readonly [Partial<Policy>, Partial<Binding>])[] = [
    [{ account: flip(account, 0) }, {}],
    [{ chainId: policy.chainId === 1 ? 2 : policy.chainId - 1 }, {}],
    [{}, { module: flip(binding.module, 0) }],
    [{}, { tag: flip(binding.tag, 47) }],
    [{}, { entityId: off }],
  ]
  for (const [other, bound] of others) {
    const to = { ...recipient, ...other, ...bound }
    const said =
      to.entityId === off
        ? refusal('TextGrantsOff', [off])
        : to.account === account
          ? refusal('GrantForAnother', [BigInt(to.chainId), to.module, to.account, to.tag])
          : undefined
    const data = activate(signature, encode({ ...policy, ...other }, { ...binding, ...bound }))
    // Another account has another tag, or none of this entity.
    await life.expect('a grant for another', CARRIER, data, said ?? { fails: true })
  }
  for (const { token, decimals } of stated) {
    for (const each of stated) await evm.setCode(each.token, tokenCode(each.decimals))
    await evm.setCode(token, tokenCode(decimals ^ 1))
    const wrong = refusal('DecimalsNotPinned', [token, BigInt(decimals), BigInt(decimals ^ 1)])
    await life.expect('a token of other decimals', CARRIER, activate(), wrong)
  }
}

const wordOf = (account: Address, root: Hex): Hex => call('sessionWords', [account, root, 0n, 1n])
const words = (word: bigint) => answer('sessionWords', [numberToHex(word, { size: 32 })])

/** Ends everything by text, for one chain and for every one, signed by either owner, at each edge of the time that a text may name. */
const killing = async ({ life, evm, policy, binding, killedAt: before }: TextStage): Promise<Hex> => {
  const { account, chainId } = policy
  const { entityId } = binding
  let { tag } = binding
  life.time += 2 * WEEK
  let killedAt = before
  const expectKillWord = (): Promise<void> =>
    life.expect('the kill word', CARRIER, call('killWord', [account]), answer('killWord', [killedAt, Number(tag)]))
  const dataOf = (everyChain: boolean, time: number, signature: Hex, id = entityId): Hex =>
    call('killByText', [account, id, everyChain, time, signature])

  const rounds = [
    { everyChain: false, time: life.time - WEEK, by: FIRST },
    { everyChain: true, time: life.time, by: SECOND },
    { everyChain: false, time: life.time + QUARTER - 1, by: SECOND },
    { everyChain: true, time: life.time + QUARTER, by: FIRST },
  ]
  for (const [index, { everyChain, time, by }] of rounds.entries()) {
    const signature = signatureOf(HALF_ORDER - BigInt(index), `0x${(0x11 * (index + 1)).toString(16).repeat(32)}`)
    const kill: Kill = everyChain
      ? { kind: 'everyChain', account, before: time }
      : { kind: 'all', account, chainId, before: time }
    const hash = hashMessage(killText(kill))
    const outside = [
      { at: time, now: time + WEEK + 1 },
      { at: time, now: time - QUARTER - 1 },
      { at: killedAt, now: killedAt },
    ]
    const present = life.time
    for (const { at, now } of outside) {
      life.time = now
      const late = refusal('KillTimeOutOfRange', [at, BigInt(killedAt), BigInt(now)])
      await life.expect('a kill out of time', CARRIER, dataOf(everyChain, at, signature), late)
      life.time = present
    }
    for (const wrong of unsigned(signature))
      await life.expect('a signature that is none', CARRIER, dataOf(everyChain, time, wrong), {
        ...refusal('NotTheOwner', [ZERO, entityId]),
      })
    evm.forgeries.add(hash, signature, STRANGER)
    const stranger = refusal('NotTheOwner', [STRANGER, entityId])
    await life.expect('a stranger’s kill', CARRIER, dataOf(everyChain, time, signature), stranger)
    evm.forgeries.add(hash, signature, by)
    const unknown = entityId === 5 ? 6 : 5
    const elsewhere = refusal('NotTheOwner', [by, unknown])
    await life.expect('by an entity that is none', CARRIER, dataOf(everyChain, time, signature, unknown), elsewhere)
    tag = slice(keccak256(slice(signature, 0, 64)), 0, 6)
    killedAt = time
    await life.expect('a kill', CARRIER, dataOf(everyChain, time, signature), {
      returns: '0x',
      events: [told('RevokedAll', [account], `0x${tag.slice(2).padEnd(64, '0')}`)],
    })
    evm.forgeries.clear()
    await expectKillWord()
  }
  return tag
}

/** Ends sessions one by one by text, with what was counted left as it is. */
const revoking = async ({ life, evm, policy, binding }: TextStage): Promise<void> => {
  const { account, chainId } = policy
  const { module, entityId } = binding
  const grant = encode(policy, binding)
  const granted = rootOf(grant)
  const begun: Told = told('Granted', [account, granted], encodeAbiParameters([{ type: 'bytes' }], [grant]))
  await life.expect('granting', account, call('grant', [grant]), answer('grant', granted, [begun]))
  const counted = ACTIVE - 1n
  await evm.setStorage(module, slotOf({ account, root: granted }, 0), numberToHex(ACTIVE | counted, { size: 32 }))
  // Roots in which every digit stands at every place.
  const digits = '0123456789abcdef'
  const roots = [...digits].map((_, shift): Hex => `0x${(digits.slice(shift) + digits.slice(0, shift)).repeat(4)}`)
  for (const [index, root] of [granted, ...roots].entries()) {
    const by = index % 2 === 0 ? FIRST : SECOND
    const signature = signatureOf(HALF_ORDER)
    const data = call('revokeByText', [account, entityId, root, signature])
    const hash = hashMessage(killText({ kind: 'session', account, chainId, root }))
    evm.forgeries.add(hash, signature, STRANGER)
    const stranger = refusal('NotTheOwner', [STRANGER, entityId])
    await life.expect('a stranger’s revocation', CARRIER, data, stranger)
    evm.forgeries.add(hash, signature, by)
    const ended = { returns: '0x', events: [told('Revoked', [account, root])] } as const
    await life.expect('a revocation', CARRIER, data, ended)
    await life.expect('its word', CARRIER, wordOf(account, root), words(REVOKED | (root === granted ? counted : 0n)))
    evm.forgeries.clear()
  }
  await life.expect('what was revoked', account, call('grant', [grant]), refusal('RootUsed', [granted]))
}
