import { type Client, encodeFunctionData, numberToHex, concat, pad } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callModule } from '../../src/account/callModule.js'
import { kindOf } from '../../src/account/kinds.js'
import { ownerAct } from '../../src/account/ownerAct.js'
import { readValidation } from '../../src/account/readers/accountView.js'
import { findValidations } from '../../src/account/readers/findValidations.js'
import { verifyInstall, type VerifyInstall } from '../../src/account/readers/verifyInstall.js'
import * as calldata from '../../src/compiler/calldata.js'
import { contractArtifact } from '../../src/evm/artifacts.js'
import type { Address, Hex } from '../../src/policy/Hex.js'
import { compiled } from '../contracts/harness/compiled.js'
import { Account } from './harness/Account.js'
import { Anvil } from './harness/Anvil.js'
import { deploy, deployModule } from './harness/deploy.js'
import { fundedOwner } from './harness/fundedOwner.js'
import { grantOf } from './harness/grantOf.js'
import { limitedClient } from './harness/limitedClient.js'
import { anvilProgram } from './harness/tools.js'

const accountAbi = contractArtifact('TestAccount').abi
const selectors = ['0xb61d27f6', '0x34fcd5be'] as const

describe.skipIf(anvilProgram() === undefined)(
  'an installation, looked at from another machine',
  { timeout: 60_000 },
  () => {
    let anvil: Anvil
    let module: Address
    let hooks: Address
    const owner = () => fundedOwner(anvil, 1)
    const act = (account: Account, data: Hex) =>
      ownerAct(
        { client: anvil.reader(), kind: kindOf('test'), account: account.address, owner: owner(), via: 'transaction' },
        data,
      )
    /** As a host that lies would install. */
    const install = (
      account: Account,
      how: {
        entityId?: number
        flags?: number
        functions?: readonly Hex[]
        hooks?: readonly Hex[]
        of?: Address
        textGrants?: boolean
        grant?: Hex
      },
    ) => {
      const { entityId = 1, flags = 1, functions = selectors, of = module, textGrants = true, grant } = how
      const config = concat([of, numberToHex(entityId, { size: 4 }), numberToHex(flags, { size: 1 })])
      const data = calldata.installData({ entityId, firstOwner: owner().address, textGrants, ...(grant && { grant }) })
      const args = [config, functions, of === module ? data : '0x', how.hooks ?? []]
      return act(account, encodeFunctionData({ abi: accountAbi, functionName: 'installValidation', args }))
    }
    const look = async (account: Account, more: Partial<VerifyInstall> = {}, client: Client = anvil.reader()) => {
      const expectedOwners = { first: owner().address }
      return verifyInstall(client, { module, account: account.address, entityId: 1, expectedOwners, ...more })
    }
    const wrong = async (...args: Parameters<typeof look>) =>
      (await look(...args)).filter(({ ok }) => !ok).map(({ what, actual }) => `${what}: ${actual}`)

    beforeAll(async () => {
      anvil = await Anvil.start()
      module = await deployModule(anvil)
      hooks = await deploy(anvil, compiled('TestHooks'))
    }, 60_000)

    afterAll(() => anvil?.stop())

    test('is fine as `installValidation` makes it', async () => {
      const account = await Account.deploy(anvil, 1)
      await act(
        account,
        calldata.installValidation(module, { entityId: 1, firstOwner: owner().address, textGrants: true }),
      )
      const findings = await look(account)
      expect(findings.filter(({ ok }) => !ok)).toEqual([])
      expect(findings.map(({ what }) => what)).toEqual([
        'module code',
        'reader code',
        'printer code',
        'account',
        'module of entity 1',
        'flags',
        'functions',
        'validation hooks',
        'execution hooks',
        'other validations',
        'installed in the module',
        'first owner',
        'second owner',
        'grants by signed text',
        'sessions ever granted under entity 1',
      ])
      // Owners that nobody named are told, and not taken for fine.
      const unnamed = { module, account: account.address, entityId: 1 }
      const told = (await verifyInstall(anvil.reader(), unnamed)).filter(({ ok }) => !ok)
      expect(told.map(({ what }) => what)).toEqual(['first owner', 'second owner', 'grants by signed text'])
    })

    test.each([
      ['global', { flags: 5 }, ['flags: global, userOp (5)']],
      ['able to sign for the account', { flags: 3 }, ['flags: signature, userOp (3)']],
      ['for no operations', { flags: 0 }, ['flags: none (0)']],
      [
        'for a function more',
        { functions: [...selectors, '0x1bbf564c'] as Hex[] },
        ['functions: 0x1bbf564c, 0x34fcd5be, 0xb61d27f6'],
      ],
      ['for a function less', { functions: ['0xb61d27f6'] as Hex[] }, ['functions: 0xb61d27f6']],
      ['without signed grants', { textGrants: false }, ['grants by signed text: off']],
      ['under another entity id', { entityId: 2 }, ['module of entity 1: none', 'installed in the module: never']],
    ] as const)('is not fine where it is %s', async (_, how, expected) => {
      const account = await Account.deploy(anvil, 1)
      await install(account, how)
      const found = await wrong(account)
      for (const each of expected) expect(found).toContain(each)
      if (!('entityId' in how)) expect(found).toHaveLength(expected.length)
    })

    test('is not fine with hooks, before a validation or around an execution', async () => {
      const account = await Account.deploy(anvil, 1)
      const hook = (flags: number): Hex => concat([hooks, numberToHex(7, { size: 4 }), numberToHex(flags, { size: 1 })])
      await install(account, { hooks: [hook(1), hook(6)] })
      expect(await wrong(account)).toEqual([`validation hooks: ${hook(1)}`, `execution hooks: ${hook(6)}`])
    })

    test('is not fine beside a validation that nobody knows of, and is where it is known', async () => {
      const account = await Account.deploy(anvil, 1)
      await install(account, {})
      await install(account, { entityId: 9 })
      expect(await wrong(account)).toEqual([`other validations: ${module}00000009`])
      expect(await wrong(account, { known: [{ module, entityId: 9 }] })).toEqual([])
      await act(account, calldata.uninstallValidation({ module, entityId: 9 }))
      expect(await wrong(account)).toEqual([])
      const range = { account: account.address, fromBlock: 0n, toBlock: await anvil.reader().getBlockNumber() }
      expect(await findValidations(anvil.reader(), range)).toEqual([{ module, entityId: 1 }])
    })

    test('is not fine where the entity is another module’s, though the account’s view says nothing of that', async () => {
      const account = await Account.deploy(anvil, 1)
      const twin: Address = '0x0000000000000000000000000000000000007417'
      await anvil.client().setCode({ address: twin, bytecode: contractArtifact('WritModule').deployedBytecode })
      await install(account, { of: twin })
      const view = await readValidation(anvil.reader(), account.address, { module, entityId: 1 })
      expect(view).toMatchObject({ flags: 1 })
      expect(await wrong(account)).toEqual([`module of entity 1: ${twin}`, 'installed in the module: never'])
    })

    test('is not fine for other owners', async () => {
      const account = await Account.deploy(anvil, 1)
      await install(account, {})
      const other = fundedOwner(anvil, 2).address
      expect(await wrong(account, { expectedOwners: { first: other } })).toEqual([`first owner: ${owner().address}`])
      expect(await wrong(account, { expectedOwners: { first: owner().address, second: other } })).toEqual([
        'second owner: none',
      ])
    })

    test('is not fine once something was granted, also where that has ended', async () => {
      const account = await Account.deploy(anvil, 1)
      await install(account, {})
      const from = Number((await anvil.reader().getBlock()).timestamp)
      const key = fundedOwner(anvil, 9).address
      const header = { account: account.address, key, chainId: anvil.chainId, from, ttlSeconds: 3600 }
      const bytes = grantOf(`fees 0.1 ETH/day\nallow send on ${key} budget 1 ETH/day`, header, {
        module,
        entityId: 1,
        tag: '0x000000000000',
      })
      await act(account, callModule(module, calldata.grant(bytes)))
      await act(account, callModule(module, calldata.revokeAll()))
      expect(await wrong(account)).toEqual([
        expect.stringMatching(/^sessions ever granted under entity 1: 0x[0-9a-f]{64}$/),
      ])
    })

    test('of a module that is another one says nothing more than that', async () => {
      const account = await Account.deploy(anvil, 1)
      await install(account, {})
      const fake: Address = '0x000000000000000000000000000000000000fa4e'
      const bytecode = `${contractArtifact('WritModule').deployedBytecode}00` as Hex
      await anvil.client().setCode({ address: fake, bytecode })
      const findings = await look(account, { module: fake })
      expect(findings.map(({ what, ok }) => `${what} ${ok}`)).toEqual([
        'module code false',
        'reader code true',
        'printer code true',
        'account true',
      ])
      const nothing = await look({ ...account, address: pad('0x0d', { size: 20 }) } as Account, {
        module: pad('0x0e', { size: 20 }),
      })
      expect(nothing.map(({ what, actual }) => `${what} ${actual}`)).toEqual([
        'module code nothing',
        expect.stringMatching(/^reader code 0x/),
        expect.stringMatching(/^printer code 0x/),
        'account nothing',
      ])
    })

    test('an account that does not tell of its validations is not taken for fine', async () => {
      const account = await Account.deploy(anvil, 1)
      await install(account, {})
      const { client } = limitedClient(anvil, ({ method, params }) => {
        const data = JSON.stringify(params)
        return method === 'eth_call' && data.includes('d31b575b') && data.includes(account.address.slice(2))
          ? { code: 3, message: 'execution reverted' }
          : undefined
      })
      expect(await wrong(account, {}, client)).toEqual(
        ['flags', 'functions', 'validation hooks', 'execution hooks'].map(
          (what) => `${what}: the account does not say`,
        ),
      )
    })
  },
)
