import { concat, hashMessage, slice } from 'viem'
import { activation } from '../compiler/activation.js'
import { deviceText, displayable } from '../compiler/device/deviceText.js'
import { encode } from '../compiler/encode.js'
import { rootOf } from '../compiler/root.js'
import { load, witness } from '../evaluator/index.js'
import type { Evm } from '../evm/Evm.js'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { validateRuntimeCall, validateUserOpCall } from './calldata/validation.js'
import { flip, HALF_ORDER, signatureOf } from './forgery.js'
import { type Answer, call, type Life, refusal, told } from './Life.js'

/** What a text is carried on: a policy with a text, its binding's entity id installed with text grants, and the account's tag. */
export type CarryStage = {
  readonly life: Life
  readonly evm: Evm
  readonly policy: Policy
  readonly binding: Binding
  /** An installed entity id whose text grants are off. */
  readonly off: number
  readonly owners: { readonly first: Address; readonly second: Address; readonly stranger: Address }
}

/** Stands for decimals that are not pinned. */
const NOT_PINNED = 2n ** 256n - 1n
const ZERO: Address = '0x0000000000000000000000000000000000000000'
const KEY_SIGNATURE = signatureOf(5n)

/** A grant whose text was signed, with the witness of its first rule. */
type Carried = { readonly grant: Hex; readonly signature: Hex; readonly used: Hex; readonly entityId: number }

/**
 * Has operations and direct calls carry a grant and a signature, and tells by the module's words whether it takes them: the operation's calldata is none, which
 * is looked at only once the session is in force. Nothing stays of that.
 */
class Carrier {
  readonly #stage: CarryStage
  #asked = 0

  constructor(stage: CarryStage) {
    this.#stage = stage
  }

  /** An activation comes along with operations and with direct calls in turn: to print a long text takes time. */
  async expect(note: string, { grant, signature, used, entityId }: Carried, expected: Answer): Promise<void> {
    const { life, policy } = this.#stage
    const { account, key } = policy
    const before = activation({ grant, signature })
    const session = load(used)
    const rules = [policy.rules.findIndex(({ effect }) => effect === 'allow')]
    const signed = concat([before, witness(session, { time: life.time, rules }), KEY_SIGNATURE])
    const authorization = concat([before, witness(session, { time: 0, rules })])
    const about = { account, entityId }
    const fees = {
      callGasLimit: 0n,
      verificationGasLimit: 0n,
      preVerificationGas: 0n,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
      paymasterAndData: '0x',
    } as const
    const userOpHash: Hex = `0x${'5a'.repeat(32)}`
    const operation = validateUserOpCall({ ...about, callData: '0x', fees, signature: signed, userOpHash })
    const direct = validateRuntimeCall({ ...about, sender: key, value: 0n, data: '0x', authorization })
    this.#asked += 1
    if (this.#asked % 2 === 1) await life.expect(`${note}, carried by an operation`, account, operation, expected)
    else await life.expect(`${note}, carried by a direct call`, account, direct, expected)
  }

  /** By both. */
  async expectBoth(note: string, carried: Carried, expected: Answer): Promise<void> {
    await this.expect(note, carried, expected)
    await this.expect(note, carried, expected)
  }
}

/** What the module says once the activation is taken: the session may be over, and else the operation is none. */
const taken = ({ life }: CarryStage, { until }: Policy): Answer =>
  life.time < until ? refusal('MalformedOperation') : refusal('Expired', [BigInt(life.time), BigInt(until)])

/** Before the tokens are pinned: a text that states decimals is not taken, and one that states none is. */
export const judgeUnpinned = async (stage: CarryStage): Promise<void> => {
  const { evm, policy, binding, owners } = stage
  const signature = signatureOf(HALF_ORDER)
  evm.forgeries.add(hashMessage(deviceText(policy, binding)), signature, owners.first)
  const grant = encode(policy, binding)
  const stated = policy.tokens.find(({ decimals }) => decimals !== 'base units')
  const expected =
    stated === undefined
      ? taken(stage, policy)
      : refusal('DecimalsNotPinned', [stated.address, BigInt(stated.decimals), NOT_PINNED])
  const carried = { grant, signature, used: grant, entityId: binding.entityId }
  await new Carrier(stage).expect('a text of tokens that are not pinned', carried, expected)
  evm.forgeries.clear()
}

/**
 * Once the tokens are pinned and the session of the policy is in force: what is signed by the first owner for this very place is taken, and nothing else. The
 * policy is tried for another key, so that its session is none yet; in the end that session is revoked.
 */
export const judgeCarried = async (stage: CarryStage, inForce: Hex): Promise<void> => {
  const { life, evm, binding, off, owners } = stage
  const { entityId } = binding
  const policy = { ...stage.policy, key: owners.stranger }
  const carrier = new Carrier({ ...stage, policy })
  const grant = encode(policy, binding)
  const root = rootOf(grant)
  const signature = signatureOf(HALF_ORDER)
  const carried = { grant, signature, used: grant, entityId }
  const hash = hashMessage(deviceText(policy, binding))
  const notTheOwner = (signer: Address): Answer => refusal('NotTheOwner', [signer, entityId])

  const high = signatureOf(HALF_ORDER + 1n)
  evm.forgeries.add(hash, high, owners.first)
  for (const none of [high, concat([slice(signature, 0, 64), '0x00'])])
    await carrier.expect('a signature that is none', { ...carried, signature: none }, notTheOwner(ZERO))
  for (const signer of [owners.second, owners.stranger]) {
    evm.forgeries.add(hash, signature, signer)
    await carrier.expect('the text signed by another', carried, notTheOwner(signer))
  }
  evm.forgeries.add(hash, signature, owners.first)

  const others: readonly (readonly [Partial<Policy>, Partial<Binding>])[] = [
    [{ account: flip(policy.account, 0) }, {}],
    [{ chainId: policy.chainId === 1 ? 2 : policy.chainId - 1 }, {}],
    [{}, { module: flip(binding.module, 0) }],
    [{}, { tag: flip(binding.tag, 47) }],
  ]
  for (const [other, bound] of others) {
    const to = { ...policy, ...binding, ...other, ...bound }
    const foreign = encode({ ...policy, ...other }, { ...binding, ...bound })
    const said = refusal('GrantForAnother', [BigInt(to.chainId), to.module, to.account, to.tag])
    for (const used of [foreign, grant, foreign])
      await carrier.expect('a grant for another', { ...carried, grant: foreign, used }, said)
  }
  const elsewhere = encode(policy, { ...binding, entityId: off })
  const otherRoot = rootOf(elsewhere)
  const another = (granted: Hex, used: Hex): Answer => refusal('GrantOfAnotherSession', [granted, used])
  await carrier.expect('another entity’s grant', { ...carried, grant: elsewhere }, another(otherRoot, root))
  await carrier.expect('a grant under another entity', { ...carried, entityId: off }, another(root, otherRoot))
  const silent = { ...carried, grant: elsewhere, entityId: off }
  await carrier.expect('a text where texts do not grant', silent, refusal('TextGrantsOff', [off]))
  await carrier.expect('the grant in force', { ...carried, grant: inForce }, another(rootOf(inForce), root))

  for (const [index, token] of policy.tokens.entries()) {
    if (token.decimals === 'base units') continue
    const tokens = policy.tokens.with(index, { ...token, decimals: token.decimals ^ 1 })
    if (displayable({ ...policy, tokens }, binding).length > 0) continue
    const wrong = encode({ ...policy, tokens }, binding)
    evm.forgeries.add(hashMessage(deviceText({ ...policy, tokens }, binding)), signature, owners.first)
    const stated = BigInt(token.decimals ^ 1)
    const said = refusal('DecimalsNotPinned', [token.address, stated, BigInt(token.decimals)])
    await carrier.expect('other decimals', { ...carried, grant: wrong, used: wrong }, said)
  }

  await carrier.expectBoth('the owner’s text', carried, taken(stage, policy))
  // Of what is in force the activation is not looked at.
  const spoilt = { grant: '0x', signature: signatureOf(0n), used: inForce, entityId } as const
  await carrier.expectBoth('a session in force', spoilt, taken(stage, stage.policy))
  const revoked = { returns: '0x', events: [told('Revoked', [policy.account, root])] } as const
  await life.expect('revoking it before', policy.account, call('revoke', [root]), revoked)
  await carrier.expectBoth('a text of what was revoked', carried, refusal('SessionNotActive', [root]))
  evm.forgeries.clear()
}
