import { concat, keccak256, numberToHex, size, slice } from 'viem'
import { encode } from '../compiler/encode.js'
import { partsOf, rootOf } from '../compiler/root.js'
import type { Evm } from '../evm/Evm.js'
import { slotOf } from '../evm/sessionStorage.js'
import type { Binding } from '../policy/Binding.js'
import type { Address, Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { flip, HALF_ORDER, lastBit, signatureOf } from './forgery.js'
import { answer, call, type Life, refusal, told } from './Life.js'

/** What a session is renounced with, and the key that its header names. */
type Renounced = {
  readonly account: Address
  readonly entityId: number
  readonly tag: Hex
  readonly header: Hex
  readonly top: Hex
}

const [STRANGER, ZERO]: readonly [Address, Address] = [`0x${'c3'.repeat(20)}`, `0x${'00'.repeat(20)}`]
/** Keys that differ in every bit. */
const KEYS: readonly Address[] = [`0x${'69'.repeat(20)}`, `0x${'96'.repeat(20)}`]
const [ACTIVE, REVOKED] = [1n << 254n, 2n << 254n] as const
/**
 * Renounces sessions of an account whose entity is installed: by the key, by its signature in another's hands, and by those who may not.
 * A part that is changed names another session, which ends instead and was never in force. Throws Disagree where the module does otherwise.
 */
export const renouncing = async (
  life: Life,
  evm: Evm,
  { policy, binding }: { readonly policy: Policy; readonly binding: Binding },
): Promise<void> => {
  const { module, entityId, tag } = binding
  const { account, chainId } = policy
  const rootBy = ({ account: of, entityId: id, tag: at, header, top }: Renounced): Hex => {
    const place = [numberToHex(chainId, { size: 8 }), module, of, numberToHex(id, { size: 4 }), at] as const
    return keccak256(concat(['0x02', ...place, header, top]))
  }
  const dataOf = (parts: Renounced, signature: Hex = '0x'): Hex =>
    call('renounce', [parts.account, parts.entityId, parts.tag, parts.header, parts.top, signature])
  const ended = (parts: Renounced) => {
    const root = rootBy(parts)
    return answer('renounce', root, [told('Revoked', [parts.account, root])])
  }
  const expectWord = async (root: Hex, word: bigint): Promise<void> => {
    const told = answer('sessionWords', [numberToHex(word, { size: 32 })])
    await life.expect('its word', STRANGER, call('sessionWords', [account, root, 0n, 1n]), told)
  }
  const forge = (parts: Renounced, signature: Hex, signer: Address): void => {
    const chain = numberToHex(chainId, { size: 32 })
    const digest = keccak256(concat(['0x1900', module, chain, parts.account, rootBy(parts)]))
    evm.forgeries.add(digest, signature, signer)
  }

  for (const key of KEYS) {
    const grant = encode({ ...policy, key }, binding)
    const root = rootOf(grant)
    const { header, top } = partsOf(grant)
    const parts: Renounced = { account, entityId, tag, header, top }
    const event = told('Granted', [account, root], slice(call('grant', [grant]), 4))
    await life.expect('granting', account, call('grant', [grant]), answer('grant', root, [event]))
    const counted = ACTIVE - 1n
    const slot = slotOf({ account, root }, 0)
    await evm.setStorage(module, slot, numberToHex(ACTIVE | counted, { size: 32 }))

    for (const by of [STRANGER, account, module])
      await life.expect('renouncing for another', by, dataOf(parts), refusal('NotTheKey', [by]))
    const others: readonly Renounced[] = [
      { ...parts, account: flip(account, 0) },
      { ...parts, account: flip(account, lastBit(account)) },
      { ...parts, entityId: (entityId ^ 0x80000000) >>> 0 },
      { ...parts, entityId: entityId ^ 1 },
      { ...parts, tag: flip(tag, 0) },
      { ...parts, tag: flip(tag, lastBit(tag)) },
      { ...parts, header: flip(header, 0) },
      { ...parts, header: flip(header, lastBit(header)) },
      { ...parts, header: concat([header, '0x00']) },
      { ...parts, top: flip(top, 0) },
      { ...parts, top: flip(top, lastBit(top)) },
    ]
    for (const other of others) await life.expect('renouncing another session', key, dataOf(other), ended(other))
    for (const bit of [8, 167]) {
      const other = { ...parts, header: flip(header, bit) }
      await life.expect('a header with another key', key, dataOf(other), refusal('NotTheKey', [key]))
      await life.expect('by that key', slice(other.header, 1, 21), dataOf(other), ended(other))
    }
    for (const length of [0, 1, 20])
      await life.expect('a header too short', key, dataOf({ ...parts, header: slice(header, 0, length) }), {
        unread: true,
      })
    const shortest = { ...parts, header: slice(header, 0, 21) }
    await life.expect('a header of a key and nothing else', key, dataOf(shortest), ended(shortest))
    // The first three words are account, entity id and tag; the next that of the header's place.
    const data = dataOf(parts)
    for (const bit of [0, 95, 256, 256 + 223, 512 + 48, 512 + 255, 768])
      await life.expect('calldata that is none', key, concat([slice(data, 0, 4), flip(slice(data, 4), bit)]), {
        unread: true,
      })
    await life.expect('calldata cut short', key, slice(data, 0, size(data) - 32), { unread: true })

    const signature = signatureOf(HALF_ORDER)
    const unsigned = refusal('NotTheKey', [ZERO])
    forge(parts, signature, key)
    for (const wrong of [slice(signature, 0, 64), concat([signature, '0x00']), '0x1b'] as const)
      await life.expect('a signature of another length', STRANGER, dataOf(parts, wrong), unsigned)
    const high = signatureOf(HALF_ORDER + 1n)
    forge(parts, high, key)
    await life.expect('a high s', STRANGER, dataOf(parts, high), unsigned)
    const unmade: Hex = concat([slice(signature, 0, 64), '0x00'])
    await life.expect('a signature of nobody', key, dataOf(parts, unmade), unsigned)
    const keyless = { ...parts, header: concat([slice(header, 0, 1), ZERO, slice(header, 21)]) }
    await life.expect('nobody’s signature for a session of nobody', STRANGER, dataOf(keyless, unmade), unsigned)
    evm.forgeries.clear()
    forge(parts, signature, STRANGER)
    await life.expect('a stranger’s signature', key, dataOf(parts, signature), refusal('NotTheKey', [STRANGER]))
    evm.forgeries.clear()
    await expectWord(root, ACTIVE | counted)

    if (key === KEYS[0]) {
      forge(parts, signature, key)
      await life.expect('renouncing by signature', STRANGER, dataOf(parts, signature), ended(parts))
      evm.forgeries.clear()
    } else await life.expect('renouncing', key, dataOf(parts), ended(parts))
    await expectWord(root, REVOKED | counted)
    await life.expect('renouncing again', key, dataOf(parts), ended(parts))
    await expectWord(root, REVOKED | counted)
    await life.expect('the renounced grant again', account, call('grant', [grant]), refusal('RootUsed', [root]))
  }
}
