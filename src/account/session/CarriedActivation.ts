import { isHex, recoverMessageAddress, size, slice } from 'viem'
import { multicall } from 'viem/actions'
import { getAction } from 'viem/utils'
import { activation } from '../../compiler/activation.js'
import { deviceText, displayable } from '../../compiler/device/deviceText.js'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Token } from '../../policy/Units.js'
import { ChainFault } from '../ChainFault.js'
import { askModule } from '../readers/askModule.js'
import { moduleAbi } from '../readers/moduleAbi.js'
import { readAccount } from '../readers/readAccount.js'
import { readOwners } from '../readers/readOwners.js'
import type { ChainClient } from './Context.js'
import type { LoadedSession } from './loadSession.js'

/** The first owner's signature (`r ‖ s ‖ v`, 65 bytes) of the writ's text. */
export type SignedText = { readonly signature: Hex }

const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/** A session's signed text as its operations carry it while the session is not in force (docs/format.md, "activation"). */
export class CarriedActivation {
  /** What stands before the witness. */
  readonly bytes: Hex
  readonly #client: ChainClient
  readonly #loaded: LoadedSession
  readonly #signer: Address

  private constructor(client: ChainClient, loaded: LoadedSession, bytes: Hex, signer: Address) {
    this.#client = client
    this.#loaded = loaded
    this.bytes = bytes
    this.#signer = signer
  }

  /** Rejects ChainFault (`activation-refused`) where the writ has no text, or the signature is none that the module would take of anybody. */
  static async open(client: ChainClient, loaded: LoadedSession, { signature }: SignedText): Promise<CarriedActivation> {
    const { grant, policy, entity, session } = loaded
    const binding = { ...entity, tag: session.tag }
    const [problem] = displayable(policy, binding)
    if (problem !== undefined)
      throw refused(
        `the writ has no text that an owner signs: ${problem.message}`,
        'split the writ into several, or have the account itself grant it: writ grant',
      )
    const signer = await signerOf(deviceText(policy, binding), signature)
    return new CarriedActivation(client, loaded, activation({ grant, signature }), lowerCase(signer))
  }

  /** Rejects ChainFault where the module would not take it as the chain is now; what it would say inside a bundler's simulation is hard to read. */
  async check(): Promise<void> {
    const { entity, session, policy } = this.#loaded
    const where = { module: entity.module, account: session.account, entityId: entity.entityId }
    const [{ tag }, owners] = await Promise.all([
      readAccount(this.#client, where),
      readOwners(this.#client, where),
      this.#checkPins(policy.tokens),
    ])
    if (tag !== session.tag)
      throw new ChainFault(
        'session-ended',
        'the owner ended all sessions of the account since the writ was compiled',
        'only the account’s owner can grant another: compile the writ again, with the account’s new tag, and have it signed',
      )
    if (!owners.installed)
      throw new ChainFault(
        'not-installed',
        `the module is not installed on the account at entity id ${where.entityId}`,
        'install it there with `writ install`',
      )
    if (!owners.textGrants)
      throw refused(
        `signed texts do not grant under entity id ${where.entityId}: it was installed so`,
        'have the account itself grant it: writ grant',
      )
    if (owners.first !== this.#signer)
      throw refused(
        `the text was signed by ${this.#signer}, and the first owner is ${owners.first}`,
        'have the first owner sign the text of this very writ',
      )
  }

  /** While an operation is validated no token may be asked: the decimals that the text states must be known before. */
  async #checkPins(tokens: readonly Token[]): Promise<void> {
    const stated = tokens.filter(({ decimals }) => decimals !== 'base units')
    if (stated.length === 0) return
    const { entity, session } = this.#loaded
    const contracts = stated.map(
      ({ address }) =>
        ({
          address: entity.module,
          abi: moduleAbi,
          functionName: 'pinned',
          args: [session.account, address],
        }) as const,
    )
    const read = getAction(this.#client, multicall, 'multicall')
    const pins = await askModule(
      entity.module,
      read({ contracts, allowFailure: false, deployless: true, batchSize: 0 }),
    )
    for (const [index, { symbol, address, decimals }] of stated.entries()) {
      const [known, pinned] = pins[index] ?? [false, 0]
      if (!known)
        throw refused(
          `the module does not know the decimals of ${symbol} (${address}) for this account, and may not ask the token while an operation is validated`,
          'have anyone send one transaction first: `activate` with the writ and the same signature, which asks the token, or `pin` for the account and the token',
        )
      if (pinned !== decimals)
        throw refused(
          `the writ says ${decimals} decimals of ${symbol} (${address}), and the token has ${pinned}`,
          'correct the decimals in the writ, compile it again and have it signed',
        )
    }
  }
}

async function signerOf(text: string, signature: Hex): Promise<Address> {
  const help = 'give the 65 bytes `r ‖ s ‖ v` that the owner’s `personal_sign` of the writ’s text made'
  if (!isHex(signature) || size(signature) !== 65) throw refused('the owner’s signature is not 65 bytes of hex', help)
  const v = Number(slice(signature, 64))
  if (BigInt(slice(signature, 32, 64)) > HALF_ORDER || (v !== 27 && v !== 28))
    throw refused('the owner’s signature has a high s, or a v that is neither 27 nor 28', help)
  try {
    return await recoverMessageAddress({ message: text, signature })
  } catch {
    throw refused('the owner’s signature is nobody’s', help)
  }
}

const refused = (message: string, help: string): ChainFault => new ChainFault('activation-refused', message, help)

const lowerCase = (address: Address): Address => `0x${address.slice(2).toLowerCase()}`
