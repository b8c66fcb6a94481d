import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callModule } from '../../src/account/callModule.js'
import * as calldata from '../../src/compiler/calldata.js'
import type { Address } from '../../src/policy/Hex.js'
import { writ, type Ran } from '../cli/world.js'
import { Account } from './harness/Account.js'
import { Anvil } from './harness/Anvil.js'
import { deployEntryPointOn, deployModule } from './harness/deploy.js'
import { grantOf } from './harness/grantOf.js'
import { anvilProgram } from './harness/tools.js'

const stranger: Address = '0x00000000000000000000000000000000000bad00'

// One story in order: each test goes on where the last one ended.
describe.skipIf(anvilProgram() === undefined)('writ status --verify-install', () => {
  let anvil: Anvil
  let module: Address
  let account: Account
  const owner = (index = 1): Address => anvil.funded(index).address.toLowerCase() as Address
  const status = (...argv: string[]): Promise<Ran> =>
    writ(['status', '--account', account.address, ...argv], { env: { WRIT_RPC: anvil.url } })
  const verify = (...argv: string[]): Promise<Ran> => status('--verify-install', ...argv)
  const bad = async (...argv: string[]): Promise<readonly string[]> => {
    const ran = await verify('--json', ...argv)
    const { ok, findings } = JSON.parse(ran.out) as { ok: boolean; findings: { ok: boolean; what: string }[] }
    const wrong = findings.filter((finding) => !finding.ok).map(({ what }) => what)
    expect([ran.err, ran.code, ok]).toEqual(['', wrong.length === 0 ? 0 : 1, wrong.length === 0])
    return wrong
  }

  beforeAll(async () => {
    anvil = await Anvil.start()
    await deployEntryPointOn(anvil, '0.7')
    account = await Account.deploy(anvil, 1)
  })
  afterAll(() => anvil.stop())

  test('a chain without the module, and an account without the install, are not fine', async () => {
    expect(await bad('--owner', owner())).toEqual(['module code', 'reader code', 'printer code'])
    module = await deployModule(anvil)
    expect(await bad('--owner', owner())).toContain('installed in the module')
    expect(await bad('--owner', owner(), '--account', stranger)).toEqual(['account'])
  })

  test('an install as writ makes it is fine, for the owner that is expected and nobody else', async () => {
    await account.asOwner(calldata.installValidation(module, { entityId: 1, firstOwner: owner(), textGrants: true }))
    expect(await bad('--owner', owner())).toEqual([])
    const ran = await verify('--owner', owner())
    expect([ran.err, ran.code]).toEqual(['', 0])
    expect(ran.out).toContain('ok   flags: userOp validation only (1)\n')
    expect(ran.out).toMatch(/\nthe installation is as it should be\n$/)
    expect(await bad('--owner', owner(2))).toEqual(['first owner'])
    expect(await bad('--owner', owner(), '--second-owner', owner(3))).toEqual(['second owner'])
    expect(await bad('--owner', owner(), '--no-text-grants')).toEqual(['grants by signed text'])
    expect(await bad()).toEqual(['first owner', 'second owner', 'grants by signed text'])
    const wrong = await verify('--owner', stranger)
    expect(wrong.out).toContain(`BAD  first owner: ${owner()}\n     expected: ${stranger}\n     help: `)
    expect(wrong.out).toMatch(/\n1 finding is not as it should be: grant nothing yet\n$/)
  })

  test('another validation is told until the person who looks knows it', async () => {
    await account.asOwner(calldata.installValidation(module, { entityId: 2, firstOwner: stranger, textGrants: true }))
    expect(await bad('--owner', owner())).toEqual(['other validations'])
    expect(await bad('--owner', owner(), '--known', `${module}:3`)).toEqual(['other validations'])
    expect(await bad('--owner', owner(), '--known', `${stranger}:9`, '--known', `${module}:2`)).toEqual([])
    expect(await bad('--owner', stranger, '--entity', '2', '--known', `${module}:1`)).toEqual([])
  })

  test('a session under the entity is told, too late as it is', async () => {
    const { timestamp } = await anvil.client().getBlock()
    const grant = grantOf(
      `fees 0.1 ETH/day\nallow send on ${stranger} budget 1 ETH/day`,
      {
        account: account.address,
        key: owner(5),
        chainId: anvil.chainId,
        from: Number(timestamp),
        ttlSeconds: 86_400,
      },
      { module, entityId: 1, tag: '0x000000000000' },
    )
    await account.asOwner(callModule(module, calldata.grant(grant)))
    expect(await bad('--owner', owner(), '--known', `${module}:2`)).toEqual(['sessions ever granted under entity 1'])
  })

  const usage: [string, string[]][] = [
    ['an expectation that nothing compares', ['--owner', stranger]],
    ['another one', ['--no-text-grants']],
    ['a second owner without a first', ['--verify-install', '--second-owner', stranger]],
    ['a session', ['--verify-install', '0x1234']],
    ['a validation that is none', ['--verify-install', '--known', stranger]],
  ]
  test.each(usage)('%s is a usage error', async (_title, argv) => {
    const ran = await status(...argv)
    expect([ran.code, ran.out]).toEqual([2, ''])
    expect(ran.err).toMatch(/^error: /)
  })
})
