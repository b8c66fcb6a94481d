import type { Client } from 'viem'
import { type SmartAccount, getUserOperationHash, toSmartAccount } from 'viem/account-abstraction'
import { readContract } from 'viem/actions'
import { getAction } from 'viem/utils'
import type { Address, Hex } from '../policy/Hex.js'
import type { AccountKind, EntryPointVersion } from './AccountKind.js'
import { entryPoints } from './entryPoints.js'
import type { OwnerSigner } from './OwnerSigner.js'

/** As long as a real signature, and made by nobody: for estimates. */
const STUB: Hex = `0x${'7c'.repeat(31)}01${'35'.repeat(32)}1b`

export type OwnerAccount = {
  /** Reads the chain; its chain is the one that is signed for. */
  readonly client: Client
  readonly chainId: number
  readonly kind: AccountKind
  readonly address: Address
  readonly owner: OwnerSigner
  readonly entryPoint: EntryPointVersion
  /** The salt of which the kind's factory makes the account, where it has no code yet. */
  readonly salt?: bigint
}

/** The account as viem takes it, spoken for by its owner: every UserOperation is signed by the owner's `personal_sign` over its hash. */
export function ownerAccount(options: OwnerAccount): Promise<SmartAccount> {
  const { client, chainId, kind, address, owner, entryPoint: version, salt } = options
  const entryPoint = entryPoints[version]
  const refused = (): Promise<never> =>
    Promise.reject(new Error('the owner signs UserOperations here, and nothing else'))
  return toSmartAccount({
    // viem asks for a client whose own account can sign; this one only reads.
    client: client as SmartAccount['client'],
    entryPoint,
    getAddress: () => Promise.resolve(address),
    getFactoryArgs: () =>
      Promise.resolve(
        kind.deployment && salt !== undefined
          ? { factory: kind.deployment.factory, factoryData: kind.deployment.create(owner.address, salt) }
          : {},
      ),
    // One lane: what was sent twice by mistake has one nonce, and only one of the two is included.
    getNonce: () =>
      getAction(
        client,
        readContract,
        'readContract',
      )({
        address: entryPoint.address,
        abi: entryPoint.abi,
        functionName: 'getNonce',
        args: [address, kind.owner.nonceKey()],
      }),
    getStubSignature: () => Promise.resolve(kind.owner.userOpSignature(STUB)),
    signUserOperation: async (operation) => {
      const hash = getUserOperationHash({
        chainId,
        entryPointAddress: entryPoint.address,
        entryPointVersion: version,
        userOperation: { ...operation, sender: address, signature: '0x' },
      })
      return kind.owner.userOpSignature(await owner.signMessage({ raw: hash }))
    },
    encodeCalls: refused,
    signMessage: refused,
    signTypedData: refused,
  })
}
