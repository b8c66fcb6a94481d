import { createBundlerClient } from 'viem/account-abstraction'
import { http } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountAddress, hasCode } from '../../src/account/accountAddress.js'
import type { AccountKind, EntryPointVersion } from '../../src/account/AccountKind.js'
import { callModule } from '../../src/account/callModule.js'
import { kindOf } from '../../src/account/kinds.js'
import { type OwnerActOptions, ownerAct, type Via } from '../../src/account/ownerAct.js'
import { readAccount } from '../../src/account/readers/readAccount.js'
import { readOwners } from '../../src/account/readers/readOwners.js'
import * as calldata from '../../src/compiler/calldata.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { compiled } from '../contracts/harness/compiled.js'
import { Account } from './harness/Account.js'
import { Anvil } from './harness/Anvil.js'
import { Bundler } from './harness/Bundler.js'
import { deployEntryPointOn, deployModule } from './harness/deploy.js'
import { fundedOwner } from './harness/fundedOwner.js'
import { anvilProgram } from './harness/tools.js'

describe.skipIf(anvilProgram() === undefined)('the owner acts on the account', { timeout: 60_000 }, () => {
  let anvil: Anvil
  let bundler: Bundler
  let module: Address
  const mav2 = kindOf('modular-account-v2')
  const by = (entryPoint: EntryPointVersion): Via => ({
    bundler: createBundlerClient({ chain: anvil.chain, transport: http(bundler.url), pollingInterval: 20 }),
    entryPoint,
  })
  const act = (account: Address, via: Via, data: Hex, more: Partial<OwnerActOptions> = {}) =>
    ownerAct(
      { client: anvil.reader(), kind: kindOf('test'), account, owner: fundedOwner(anvil, 1), via, ...more },
      data,
    )
  const installation = (entityId: number): Hex =>
    calldata.installValidation(module, { entityId, firstOwner: fundedOwner(anvil, 1).address, textGrants: true })
  const installed = async (account: Address, entityId: number) =>
    (await readOwners(anvil.reader(), { module, account, entityId })).installed
  const give = (address: Address) => anvil.client().setBalance({ address, value: 10n ** 18n })

  beforeAll(async () => {
    anvil = await Anvil.start()
    await deployEntryPointOn(anvil, '0.7')
    await deployEntryPointOn(anvil, '0.8')
    module = await deployModule(anvil)
    bundler = await Bundler.start(anvil)
    // The compiled factory of Modular Account v2 is not at hand: one with its functions, which makes accounts for tests, stands in its place.
    const factory = mav2.deployment?.factory
    if (factory === undefined) throw new Error('its factory is known')
    await anvil.client().setCode({ address: factory, bytecode: compiled('TestFactory').deployedBytecode })
  }, 60_000)

  afterAll(async () => {
    await bundler?.stop()
    await anvil?.stop()
  })

  test.each([['transaction'], ['0.7'], ['0.8']] as const)(
    'by %s: the install and an order to the module',
    async (how) => {
      const { address } = await Account.deploy(anvil, 1)
      const via = how === 'transaction' ? how : by(how)
      const sent: Hex[] = []
      const done = await act(address, via, installation(1), { onSent: (hash) => sent.push(hash) })
      expect(await installed(address, 1)).toBe(true)
      expect(sent).toEqual([done.userOpHash ?? done.hash])
      expect(done.userOpHash === undefined).toBe(how === 'transaction')
      const { status, blockNumber } = await anvil.reader().getTransactionReceipt({ hash: done.hash })
      expect({ status, blockNumber }).toEqual({ status: 'success', blockNumber: done.block })
      await act(address, via, callModule(module, calldata.revokeAll()))
      expect((await readAccount(anvil.reader(), { module, account: address })).killedAt).toBeGreaterThan(0)
    },
  )

  test.each([['transaction'], ['0.7']] as const)(
    'by %s: an account without code is made by its factory first, once',
    async (how) => {
      const salt = how === 'transaction' ? 1n : 2n
      const owner = fundedOwner(anvil, 1)
      const account = await accountAddress(anvil.reader(), mav2, owner.address, salt)
      expect(await hasCode(anvil.reader(), account)).toBe(false)
      await give(account)
      const via = how === 'transaction' ? how : by(how)
      const first = await act(account, via, installation(1), { kind: mav2, salt })
      expect(first.deployedBy === undefined).toBe(how !== 'transaction')
      expect(await hasCode(anvil.reader(), account)).toBe(true)
      expect(await act(account, via, installation(2), { kind: mav2, salt })).not.toHaveProperty('deployedBy')
      expect([await installed(account, 1), await installed(account, 2)]).toEqual([true, true])
    },
  )

  test('an account without code is refused where it is not what owner and salt make, or nothing makes it', async () => {
    const nowhere: Address = '0x00000000000000000000000000000000000f00d0'
    const refusals: readonly [AccountKind, bigint | undefined, RegExp][] = [
      [mav2, 7n, /the factory makes that of/],
      [mav2, undefined, /there is no account/],
      [kindOf('test'), 7n, /there is no account/],
    ]
    for (const [kind, salt, words] of refusals)
      await expect(
        act(nowhere, 'transaction', installation(1), { kind, ...(salt !== undefined && { salt }) }),
      ).rejects.toMatchObject({
        code: 'account-missing',
        message: expect.stringMatching(words),
      })
    await expect(accountAddress(anvil.reader(), kindOf('circle'), nowhere, 0n)).rejects.toMatchObject({
      code: 'account-missing',
    })
  })

  test.each([['transaction'], ['0.7']] as const)(
    'by %s: another’s word is refused before anything is sent',
    async (how) => {
      const { address } = await Account.deploy(anvil, 1)
      const via = how === 'transaction' ? how : by(how)
      const stranger = fundedOwner(anvil, 3)
      const sent: Hex[] = []
      const options = { owner: stranger, onSent: (hash: Hex) => sent.push(hash) }
      await expect(act(address, via, installation(1), options)).rejects.toMatchObject({ name: 'ChainFault' })
      expect(sent).toEqual([])
      expect(await installed(address, 1)).toBe(false)
    },
  )

  test('what would revert is not sent, and the fault names the module’s reason', async () => {
    const { address } = await Account.deploy(anvil, 1)
    await act(address, 'transaction', installation(1))
    const nonce = await anvil.reader().getTransactionCount({ address: fundedOwner(anvil, 1).address })
    await expect(act(address, 'transaction', installation(1))).rejects.toMatchObject({ code: 'entity-taken' })
    expect(await anvil.reader().getTransactionCount({ address: fundedOwner(anvil, 1).address })).toBe(nonce)
  })

  test('a bundler that says what the chain does not is not believed', async () => {
    const { address } = await Account.deploy(anvil, 1)
    const via = by('0.7')
    if (via === 'transaction') throw new Error('a bundler carries it')
    const old = await anvil.wallet(5).sendTransaction({ to: address, value: 1n })
    const receipt = await anvil.reader().waitForTransactionReceipt({ hash: old })
    const liar = Object.assign(Object.create(via.bundler), {
      waitForUserOperationReceipt: async () => ({ success: true, receipt }),
    }) as typeof via.bundler
    await expect(act(address, { ...via, bundler: liar }, installation(1))).rejects.toMatchObject({
      code: 'operation-dropped',
    })
  })
})
