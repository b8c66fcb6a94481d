import { toFunctionSelector } from 'viem'
import { describe, expect, it } from 'vitest'
import { contractArtifact, type ContractName } from '../../src/evm/artifacts.js'
import type { ModuleCodes } from '../../src/evm/placeModule.js'
import { checkWrit } from '../../src/actions/checkWrit.js'
import type { Hex } from '../../src/policy/Hex.js'
import type { Policy } from '../../src/policy/Policy.js'
import { judgeAuthority } from '../../src/verify/authority.js'
import { firstOperation } from '../../src/verify/cases/firstOperation.js'
import { Disagree } from '../../src/verify/Disagreement.js'
import { verify } from '../../src/verify/verify.js'
import { binding, example } from './examples.js'

/** A contract's runtime code with every place of some bytes replaced. */
const replaced = (contract: ContractName, from: string, to: string): Hex => {
  const { deployedBytecode } = contractArtifact(contract)
  if (!deployedBytecode.includes(from)) throw new Error(`${from} is not in ${contract}`)
  return `0x${deployedBytecode.slice(2).replaceAll(from, to)}`
}

const hexOf = (text: string): string => Buffer.from(text).toString('hex')

/** A word as the compiler keeps it where it shifts it into place: without the zero bits at its end. */
const withoutZeros = (text: string): string => {
  let number = BigInt(`0x${hexOf(text)}`)
  while (number % 2n === 0n) number /= 2n
  return number.toString(16).padStart(2 * text.length, '0')
}

/** The same with one word of its texts replaced. */
const saying = (contract: ContractName, word: string, other: string): Hex =>
  replaced(contract, hexOf(word), hexOf(other))

const whatIsWrong = async (codes: ModuleCodes, policy = example('pocket-money')): Promise<string | undefined> => {
  try {
    await judgeAuthority(policy, binding, codes)
    return undefined
  } catch (error) {
    if (error instanceof Disagree) return error.facts.what
    throw error
  }
}

const another = toFunctionSelector('GrantOfAnotherSession(bytes32,bytes32)')

describe('the gate on what an owner signs as text', () => {
  it('agrees with the contracts as they are', async () => {
    expect(await whatIsWrong({})).toBeUndefined()
  })

  const broken: Record<string, { codes: () => ModuleCodes; at: RegExp }> = {
    'a printer of another text': {
      codes: () => ({ printerCode: saying('GrantPrinter', 'module', 'modulo') }),
      at: /^the text: the module returns/,
    },
    'a printer of another kill text': {
      codes: () => ({ printerCode: saying('GrantPrinter', 'KEYS', 'KEYX') }),
      at: /^a stranger’s kill: /,
    },
    'a printer of another text of one grant': {
      codes: () => ({ printerCode: replaced('GrantPrinter', withoutZeros('root'), withoutZeros('rood')) }),
      at: /^a stranger’s revocation: /,
    },
    'a module that says something else of another session’s grant': {
      codes: () => ({ moduleCode: replaced('WritModule', another.slice(2), 'deadbeef') }),
      at: /^another entity’s grant, carried by /,
    },
    'a module that asks no token': {
      // decimals()
      codes: () => ({ moduleCode: replaced('WritModule', '313ce567', '313ce568') }),
      at: /^pinning: the module refuses/,
    },
  }
  it.each(Object.entries(broken))('%s is found out', async (_, { codes, at }) => {
    expect(await whatIsWrong(codes())).toMatch(at)
  })
})

/** A policy of so many rules, of which each is some lines of text. */
const longPolicy = (rules: number): Policy => {
  const lines = Array.from(
    { length: rules },
    (_, index) => `allow send on 0x${(0xa11ce000 + index).toString(16).padStart(40, '0')} budget all`,
  )
  const header = `writ 1
account 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c
chain 1
key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
from 2026-11-22 13:00:00
ttl 20d
fees unlimited
budget all = 1 ETH/day
`
  const { policy } = checkWrit(`${header}${lines.join('\n')}\n`, { file: 'long.writ' })
  if (policy === undefined) throw new Error('the writ is valid')
  return policy
}

describe('the gate on texts that no device shows', () => {
  it('expects their size, of moderate ones', async () => {
    const selector = toFunctionSelector('TextTooLong(uint256,uint256)').slice(2)
    const printerCode = replaced('GrantPrinter', selector, 'deadbeef')
    expect(await whatIsWrong({}, longPolicy(60))).toBeUndefined()
    expect(await whatIsWrong({ printerCode }, longPolicy(60))).toMatch(/^the text of what no device can show: /)
  })

  it('agrees where printing ends for want of gas', async () => {
    expect(await whatIsWrong({}, longPolicy(420))).toBeUndefined()
  })
})

describe('the gate on first operations', () => {
  it('finds a wrong first word of a session, which no refused operation shows', async () => {
    const { deployedBytecode } = contractArtifact('WritModule')
    const active = `7f4${'0'.repeat(63)}`
    const codes = [...deployedBytecode.matchAll(new RegExp(active, 'g'))].map(
      ({ index }): Hex =>
        `0x${deployedBytecode.slice(2, index)}7f3${'f'.repeat(63)}${deployedBytecode.slice(index + active.length)}`,
    )
    const unseen: Hex[] = []
    for (const moduleCode of codes) if ((await whatIsWrong({ moduleCode })) === undefined) unseen.push(moduleCode)
    expect(unseen.length).toBeGreaterThan(0)
    for (const moduleCode of unseen) {
      const report = await verify(example('pocket-money'), binding, {
        moduleCode,
        seed: 1,
        cases: 20,
        kinds: [firstOperation],
      })
      expect(report.disagreement?.kind).toBe(firstOperation.name)
    }
  })
})
