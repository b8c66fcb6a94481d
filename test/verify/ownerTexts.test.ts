import { toFunctionSelector } from 'viem'
import { describe, expect, it } from 'vitest'
import { contractArtifact, type ContractName } from '../../src/evm/artifacts.js'
import type { ModuleCodes } from '../../src/evm/placeModule.js'
import type { Hex } from '../../src/policy/Hex.js'
import { judgeAuthority } from '../../src/verify/authority.js'
import { Disagree } from '../../src/verify/Disagreement.js'
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

const whatIsWrong = async (codes: ModuleCodes): Promise<string | undefined> => {
  try {
    await judgeAuthority(example('pocket-money'), binding, codes)
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
