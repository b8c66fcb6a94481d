import { createPublicClient, http } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import type { SessionAccount, SessionAccountParameters } from '../../../src/account/session/SessionAccount.js'
import { toSessionAccount } from '../../../src/account/toSessionAccount.js'
import { checkWrit } from '../../../src/actions/checkWrit.js'
import * as calldata from '../../../src/compiler/calldata.js'
import { deviceTextOf } from '../../../src/compiler/device/deviceText.js'
import { encode } from '../../../src/compiler/encode.js'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import { Account } from './Account.js'
import { Anvil, type AnvilOptions } from './Anvil.js'
import { Bundler, type BundlerOptions } from './Bundler.js'
import { deployEntryPointOn, deployModule } from './deploy.js'

/** Of the node's funded accounts the one that is the session key. */
const keyIndex = 5

/** A node with EntryPoints, module, a bundler and an account on which sessions are granted, for tests of session accounts. */
export class SessionWorld {
  readonly anvil: Anvil
  readonly bundler: Bundler
  readonly module: Address
  readonly account: Account

  private constructor(anvil: Anvil, bundler: Bundler, module: Address, account: Account) {
    this.anvil = anvil
    this.bundler = bundler
    this.module = module
    this.account = account
  }

  static async start(options: AnvilOptions & { readonly bundler?: BundlerOptions } = {}): Promise<SessionWorld> {
    const anvil = await Anvil.start(options)
    await deployEntryPointOn(anvil, '0.7')
    await deployEntryPointOn(anvil, '0.8')
    const module = await deployModule(anvil)
    const account = await Account.deploy(anvil, 1)
    const bundler = await Bundler.start(anvil, options.bundler)
    return new SessionWorld(anvil, bundler, module, account)
  }

  get key() {
    return this.anvil.funded(keyIndex)
  }

  /** A client that knows nothing but the node's URL, as an agent's. */
  client() {
    const transport = http(this.anvil.url, { retryCount: 0 })
    return createPublicClient({ chain: this.anvil.chain, transport, pollingInterval: 20, cacheTime: 0 })
  }

  /** The time of the last block, unix seconds. */
  async time(): Promise<number> {
    return Number((await this.anvil.client().getBlock()).timestamp)
  }

  /** The time of the next block will be this one's, and there is such a block. */
  async moveTo(time: number): Promise<void> {
    const client = this.anvil.client()
    await client.setNextBlockTimestamp({ timestamp: BigInt(time) })
    await client.mine({ blocks: 1 })
  }

  /** Compiles a writ for the account and the key, from the last block's time on. */
  async compile(text: string, { entityId = 1, ttlSeconds = 7 * 86_400 } = {}): Promise<Hex> {
    const { policy, diagnostics } = checkWrit(text, {
      header: {
        account: this.account.address,
        key: this.key.address.toLowerCase() as Address,
        chain: String(this.anvil.chainId),
        from: await this.time(),
        ttlSeconds,
      },
    })
    if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
    return encode(policy, { module: this.module, entityId, tag: '0x000000000000' })
  }

  /** Compiles a writ, installs the module and grants it. */
  async grant(text: string, options: { readonly entityId?: number; readonly ttlSeconds?: number } = {}): Promise<Hex> {
    const grant = await this.compile(text, options)
    await this.account.install(this.module, options.entityId ?? 1, grant)
    // EntryPoint 0.8 includes nothing in the very second in which a session begins.
    await this.moveTo((await this.time()) + 10)
    return grant
  }

  /** Compiles a writ, installs the module, and has the owner sign the text: nobody has granted it. */
  async signed(
    text: string,
    { entityId = 1 } = {},
  ): Promise<{ readonly grant: Hex; readonly activation: { readonly signature: Hex } }> {
    const grant = await this.compile(text, { entityId })
    const device = deviceTextOf(grant)
    if (!device.ok) throw new Error(device.reason)
    const install = { entityId, firstOwner: this.account.owner, textGrants: true }
    await this.account.asOwner(calldata.installValidation(this.module, install))
    await this.moveTo((await this.time()) + 10)
    const signature = await this.anvil.funded(1).signMessage({ message: device.text })
    return { grant, activation: { signature } }
  }

  session(writ: Hex, options: Partial<SessionAccountParameters> = {}): Promise<SessionAccount> {
    return toSessionAccount({
      client: this.client(),
      address: this.account.address,
      key: this.key,
      writ,
      kind: 'test',
      ...options,
    })
  }

  /** viem's own bundler client, with fees as tight as the session account says. */
  bundlerClient(account: SessionAccount) {
    return createBundlerClient({
      account,
      client: this.client(),
      chain: this.anvil.chain,
      transport: http(this.bundler.url, { retryCount: 0 }),
      pollingInterval: 50,
      userOperation: { estimateFeesPerGas: () => account.estimateFeesPerGas() },
    })
  }

  async stop(): Promise<void> {
    await this.bundler.stop()
    await this.anvil.stop()
  }
}
