import { recoverMessageAddress } from 'viem'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { decide } from '../../src/evaluator/index.js'
import { SimulatedTransport } from '../../src/ledger/simulated/SimulatedTransport.js'
import type { Asked } from '../../src/ledger/simulated/Person.js'
import type { VerifyOptions } from '../../src/verify/verify.js'
import type * as PrintGrant from '../../src/evm/printGrant.js'
import type * as Verify from '../../src/verify/index.js'
import { small, writ, type World } from './world.js'

const tampered = vi.hoisted(() => ({ gate: false, printer: false }))
// The gate as it is, with an evaluator whose clock is a second late; and the chain's printer as it is, with one word changed.
vi.mock('../../src/verify/index.js', async (original) => {
  const actual = await original<typeof Verify>()
  const readings: VerifyOptions['readings'] = {
    evaluator: (session, state, operation, now) => decide(session, state, operation, now - 1),
  }
  return {
    ...actual,
    verify: (policy: never, binding: never, options: VerifyOptions) =>
      actual.verify(policy, binding, { ...options, ...(tampered.gate && { readings }) }),
  }
})
vi.mock('../../src/evm/printGrant.js', async (original) => {
  const actual = await original<typeof PrintGrant>()
  return {
    printGrant: async (grant: never) => {
      const printed = await actual.printGrant(grant)
      return tampered.printer && printed.ok ? { ok: true, text: printed.text.replace('1 ETH', '9 ETH') } : printed
    },
  }
})

/** The first address of the words that the emulated devices have. */
const OWNER = '0xDad77910DbDFdE764fC21FCD4E74D71bBACA6D8D'
const files = { 'a.writ': small }
const grant = ['grant', 'a.writ', '-o', 'a.json', '--no-verify']

/** A device that keeps what it was asked and how often it was spoken to. */
class Watched extends SimulatedTransport {
  exchanges = 0
  override exchange(apdu: Buffer): Promise<Buffer> {
    this.exchanges += 1
    return super.exchange(apdu)
  }
}
const plugged = (approve: boolean | ((device: Watched) => boolean) = true) => {
  const asked: Asked[] = []
  const device: Watched = new Watched({
    person: (what) => {
      asked.push(what)
      return typeof approve === 'boolean' ? approve : approve(device)
    },
  })
  return { device, asked }
}
const signatureIn = (written: string | undefined) => {
  const { text, signature, owner } = JSON.parse(written ?? '') as {
    text: string
    signature: `0x${string}`
    owner: string
  }
  return { text, signature, owner }
}

describe('a grant that a Ledger signs', () => {
  afterEach(() => {
    tampered.gate = false
    tampered.printer = false
  })

  test('is explained, verified, shown to compare with, signed on the device, and written', async () => {
    const { device, asked } = plugged()
    const ran = await writ(['grant', 'a.writ', '--ledger', '-o', 'a.json'], { files, ledger: device })
    expect(ran.code).toBe(0)
    const { text, signature, owner } = signatureIn(ran.written['a.json'])
    expect(asked).toMatchObject([{ kind: 'message', text, inHex: false, path: "m/44'/60'/0'/0/0" }])
    expect(await recoverMessageAddress({ message: text, signature })).toBe(OWNER)
    expect(owner).toBe(OWNER.toLowerCase())
    expect(ran.out).toMatch(
      /may act for the account[^]*gate {4}20\d\d operations: chain, evaluator and definition agree/,
    )
    expect(ran.out).toContain(`signed by ${OWNER}\n`)
    expect(ran.err).toContain(`\n${text}\n`)
    expect(ran.err).toContain("Compare the device's screen with this text, word by word.")
  })

  test('is shown by the pages of the device that is plugged in, or of the one that is named', async () => {
    const { device } = plugged()
    device.deviceModel = { id: 'europa' } as NonNullable<typeof device.deviceModel>
    const ran = await writ([...grant, '--ledger'], { files, ledger: device })
    expect(ran.err).toMatch(/Flex: 1 page to pass, 3 pages behind "More"[^]*Open "More" there, and read on to END\./)
    const named = await writ([...grant, '--ledger', '--device', 'nanox'], { files, ledger: device })
    expect(named.err).toMatch(/Nano X: \d+ pages to pass\n/)
  })

  test('is signed by the address of another path where one is named', async () => {
    const { device } = plugged()
    const ran = await writ([...grant, '--ledger', '--path', "44'/60'/0'/0/1"], { files, ledger: device })
    expect(signatureIn(ran.written['a.json']).owner).not.toBe(OWNER.toLowerCase())
    const none = await writ([...grant, '--ledger', '--path', 'x'], { files, ledger: device })
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('the last number chooses the address')])
  })

  test('reaches no device where the gate finds a difference', async () => {
    tampered.gate = true
    const { device } = plugged()
    const ran = await writ(['grant', 'a.writ', '--ledger', '-o', 'a.json'], { files, ledger: device })
    expect([ran.code, device.exchanges, ran.written]).toEqual([1, 0, {}])
    expect(ran.err).toContain('error: the readings differ, nothing was granted')
  })

  test('reaches no device where the chain would print another text, also without the gate', async () => {
    tampered.printer = true
    const { device } = plugged()
    const ran = await writ([...grant, '--ledger'], { files, ledger: device })
    expect([ran.code, device.exchanges, ran.written]).toEqual([1, 0, {}])
    expect(ran.err).toContain('error: the chain does not print what would be signed, nothing was signed')
  })

  test('reaches no device in a dry run, which shows what would be signed', async () => {
    const { device } = plugged()
    const ran = await writ([...grant, '--ledger', '--dry-run', '--device', 'stax'], { files, ledger: device })
    expect([ran.code, device.exchanges, ran.written]).toEqual([0, 0, {}])
    expect(ran.out).toMatch(/dry run: nothing is signed or sent[^]*Stax: 1 page to pass/)
    const json = await writ([...grant, '--ledger', '--dry-run', '--json'], { files, ledger: device })
    expect(JSON.parse(json.out)).toMatchObject({
      dryRun: true,
      text: expect.stringMatching(/^GRANT AGENT KEY;/) as string,
    })
  })

  test('of another owner than the one that is named is refused before the device shows anything', async () => {
    const { device, asked } = plugged()
    const ran = await writ([...grant, '--ledger', '--owner', `0x${'11'.repeat(20)}`], { files, ledger: device })
    expect([ran.code, ran.err, asked, ran.written]).toEqual([
      5,
      expect.stringContaining('error: this Ledger address is not the owner: the owner is 0x1111'),
      [],
      {},
    ])
  })

  test('that no device can show is not asked for', async () => {
    const { device } = plugged()
    const rules = Array.from({ length: 60 }, (_, i) => `allow send on 0x${String(i + 10).repeat(20)} budget 1 ETH/day`)
    const ran = await writ([...grant, '--ledger'], {
      files: { 'a.writ': `${small}${rules.join('\n')}\n` },
      ledger: device,
    })
    expect([ran.code, device.exchanges]).toEqual([3, 0])
    expect(ran.err).toContain('error: no device can show this grant: the device text has')
  })

  const faults: [string, World['ledger'], number, RegExp][] = [
    ['refused', plugged(false).device, 5, /^error: it was refused on the Ledger\nhelp: nothing was signed; compare/m],
    ['absent', undefined, 4, /^error: no Ledger was found\nhelp: plug it in/m],
    ['locked', inCondition('locked'), 4, /^error: the Ledger is locked\nhelp: enter its PIN/m],
    ['in another app', inCondition('other-app'), 4, /^error: the Ledger's Ethereum app is not open\nhelp: open the/m],
    ['unplugged', inCondition('unplugged'), 4, /^error: the Ledger was unplugged before it answered\nhelp: plug/m],
    ['unplugged while it is read', turning('unplugged'), 4, /^error: the Ledger was unplugged before it answered/m],
    ['left for another app while it is read', turning('other-app'), 4, /^error: the Ethereum app was closed on/m],
    ['locked while it is read', turning('locked'), 4, /^error: the Ledger is locked/m],
  ]
  test.each(faults)('%s on the device leaves no file, and says what to do', async (_, ledger, code, words) => {
    const ran = await writ([...grant, '--ledger'], { files, ...(ledger && { ledger }) })
    expect([ran.code, ran.written]).toEqual([code, {}])
    expect(ran.err).toMatch(words)
    expect(ran.err).not.toMatch(/\n {4}at /)
  })
})

function inCondition(condition: Watched['condition']): Watched {
  const { device } = plugged()
  device.condition = condition
  return device
}

function turning(condition: Watched['condition']): Watched {
  return plugged((device) => {
    device.condition = condition
    return true
  }).device
}

describe('a simulated device', () => {
  test('says that it protects nothing, shows its screens, and asks for approval', async () => {
    const ran = await writ([...grant, '--signer', 'simulated'], { files, answers: [true] })
    expect([ran.code, ran.asked]).toEqual([0, ['Approve on the simulated device?']])
    expect(ran.err).toMatch(/SIMULATED DEVICE: NO PROTECTION[^]*Nano S Plus: \d+ pages to pass[^]*GRANT AGENT KEY/)
    const { text, signature } = signatureIn(ran.written['a.json'])
    expect(await recoverMessageAddress({ message: text, signature })).toBe(OWNER)
  })

  test('refuses where the person does, and where nobody is there signs only with --yes', async () => {
    const no = await writ([...grant, '--signer', 'simulated'], { files, answers: [false] })
    expect([no.code, no.err, no.written]).toEqual([5, expect.stringContaining('it was refused on the Ledger'), {}])
    const nobody = await writ([...grant, '--signer', 'simulated'], { files })
    expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('nobody is at a terminal to give it\nhelp:')])
    const yes = await writ([...grant, '--signer', 'simulated', '--yes'], { files })
    expect([yes.code, yes.err]).toEqual([0, expect.stringContaining('approved on the simulated device, by --yes')])
  })

  test('has the keys of the seed that a file says', async () => {
    const words = 'test test test test test test test test test test test junk'
    const seeded = (text: string) =>
      writ([...grant, '--signer', 'simulated', '--mnemonic-file', 'seed', '--yes'], { files: { ...files, seed: text } })
    expect(signatureIn((await seeded(`${words}\n`)).written['a.json']).owner).toBe(
      '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
    )
    const wrong = await seeded(words.replace('junk', 'junks'))
    expect([wrong.code, wrong.err]).toEqual([3, expect.stringContaining('is not a seed')])
  })
})

describe('key show on a device', () => {
  test('prints the address once it was confirmed where it is shown', async () => {
    const { device, asked } = plugged()
    const ran = await writ(['key', 'show', '--ledger', '--path', "m/44'/60'/0'/0/2"], { ledger: device })
    expect(ran.code).toBe(0)
    expect(asked).toMatchObject([{ kind: 'address', path: "m/44'/60'/0'/0/2", address: ran.out.trim() }])
    const json = await writ(['key', 'show', '--signer', 'simulated', '--yes', '--json'])
    expect(JSON.parse(json.out)).toEqual({ path: "m/44'/60'/0'/0/0", address: OWNER.toLowerCase() })
  })

  test('prints nothing where it is refused there', async () => {
    const ran = await writ(['key', 'show', '--ledger'], { ledger: plugged(false).device })
    expect([ran.code, ran.out, ran.err]).toEqual([
      5,
      '',
      expect.stringContaining('error: it was refused on the Ledger'),
    ])
  })

  test('is of one key', async () => {
    const both = await writ(['key', 'show', 'a.json', '--ledger'], { ledger: plugged().device })
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('a keystore and a device are two keys')])
    const none = await writ(['key', 'show'])
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('no key is named\nhelp: writ key show FILE, or')])
  })
})

describe('a grant in three steps', () => {
  const step = async (argv: string[], world: World) => {
    const ran = await writ(argv, world)
    if (ran.code !== 0) throw new Error(ran.err)
    return ran
  }

  test('is written for another machine, which signs it without a network', async () => {
    const written = await step(
      ['grant', 'a.writ', '--offline', '-o', 'a.json', '--tag', '0x0000000000aa', '--entity', '7', '--no-verify'],
      { files },
    )
    expect(written.out).toContain('wrote a.json, not signed yet\n')
    expect(written.out).toMatch(
      /These must be so there[^]*as entity 7, with whoever signs as its first owner\n {2}the kill tag of the account is 0x0000000000aa\n/,
    )
    const unsigned = { 'a.json': written.written['a.json'] ?? '' }
    const { device, asked } = plugged()
    const signed = await step(['grant', '--sign', 'a.json', '--ledger', '--no-verify'], {
      files: unsigned,
      ledger: device,
    })
    const { text, owner } = signatureIn(signed.written['a.json'])
    expect(asked).toMatchObject([
      { text: expect.stringMatching(/entity 7;\ntag 0000000000AA;|entity 7;\ntag 0000000000aa;/) as string },
    ])
    expect([text, owner]).toEqual([(JSON.parse(unsigned['a.json']) as { text: string }).text, OWNER.toLowerCase()])
    const again = await writ(['grant', '--sign', 'a.json', '--ledger'], { files: signed.written, ledger: device })
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('is signed already, by 0xdad7')])
  })

  test('says which decimals it takes for granted', async () => {
    const usdc = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
    const text = small.replace(
      '\nallow send',
      `token USDC = ${usdc} decimals 6\n\nallow transfer on USDC where to == 0xa11ce00000000000000000000000000000000001 budget 5 USDC/day\nallow send`,
    )
    const ran = await step(['grant', 'a.writ', '--offline', '-o', 'a.json', '--no-verify'], {
      files: { 'a.writ': text },
    })
    expect(ran.out).toContain(
      'its decimals are those of the token: USDC 6 dec 0x833589fCD6eD b6E08f4c7C32D4 f71b54bdA02913\n',
    )
  })

  test('reaches no device where one byte of the file is another', async () => {
    const { written } = await step(['grant', 'a.writ', '--offline', '-o', 'a.json', '--no-verify'], { files })
    const changed = (written['a.json'] ?? '').replace('max 1 ETH/day', 'max 2 ETH/day')
    const { device } = plugged()
    const ran = await writ(['grant', '--sign', 'a.json', '--ledger', '--no-verify'], {
      files: { 'a.json': changed },
      ledger: device,
    })
    expect([ran.code, device.exchanges, ran.written]).toEqual([3, 0, {}])
    expect(ran.err).toContain('its `text` is not what the grant says\nhelp: do not use it')
  })

  test('is signed by the owner that it names and by no other', async () => {
    const { written } = await step(
      ['grant', 'a.writ', '--offline', '-o', 'a.json', '--no-verify', '--owner', `0x${'11'.repeat(20)}`],
      { files },
    )
    const { device, asked } = plugged()
    const ran = await writ(['grant', '--sign', 'a.json', '--ledger', '--no-verify'], { files: written, ledger: device })
    expect([ran.code, asked, ran.written]).toEqual([5, [], {}])
    expect(ran.err).toContain('this Ledger address is not the owner')
  })
})

describe('flags that do not go together', () => {
  test.each([
    [['--ledger', '--signer', 'simulated'], '--ledger and --signer are two devices'],
    [['--ledger', '--offline'], '--offline and a device do not go together'],
    [['--path', "44'/60'/0'/0/1"], '--path is about a device, and none is named'],
    [['--mnemonic-file', 'x'], '--mnemonic-file is about a simulated device'],
    [['--ledger', '--mnemonic-file', 'x'], '--mnemonic-file is about a simulated device'],
    [['--ledger', '--owner-keystore', 'x'], "a device and the owner's keystore or unlocked account do not go together"],
    [['--via', 'text'], 'text is signed on a device, and none is named'],
    [['--sign', 'x'], 'a file is named more than once'],
    [['--offline', '--rpc', 'http://127.0.0.1:1'], '--offline asks no node, and --rpc names one'],
    [['--ledger', '--from-keystore', 'x'], 'somebody is named to carry the grant, and no node'],
  ])('%j', async (flags, words) => {
    const ran = await writ([...grant, ...flags], { files })
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(words)])
  })

  test('a signature must not get lost: a file is named for it', async () => {
    const ran = await writ(['grant', 'a.writ', '--ledger'], { files })
    expect([ran.code, ran.err]).toEqual([2, 'error: no file is named for the signed grant\nhelp: add -o FILE\n'])
  })
})
