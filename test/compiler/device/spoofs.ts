import { encode } from '../../../src/compiler/encode.js'
import type { Parameter } from '../../../src/policy/AbiType.js'
import type { FunctionAction } from '../../../src/policy/Action.js'
import type { Hex } from '../../../src/policy/Hex.js'
import type { Policy } from '../../../src/policy/Policy.js'
import type { Token } from '../../../src/policy/Units.js'
import { address, allow, argument, BINDING, component, one, policyOf, TRANSFER, uint256, USDC } from '../samples.js'

/** A grant of a lying host: what it tries, and its bytes. */
export type Spoof = { readonly note: string; readonly grant: Hex }

const hexOf = (text: string): string => Buffer.from(text, 'latin1').toString('hex')
const sized = (text: string, width: number): string =>
  (text.length % 256 ** width).toString(16).padStart(2 * width, '0') + hexOf(text)

/** The bytes of a grant with one length and text in place of another. */
const replaced = (grant: Hex, was: string, text: string, width = 1): Hex => {
  const pattern = sized(was, width)
  const at = grant.indexOf(pattern)
  if (at < 0) throw new Error(`the grant does not hold ${was}`)
  return `0x${grant.slice(2, at)}${sized(text, width)}${grant.slice(at + pattern.length)}`
}

const grantOf = (rest: Partial<Policy> = {}): Hex => encode(policyOf(rest), BINDING)

/** Signs that are not seen, that end a line, hide what follows or are shown as others. */
const SIGNS = {
  'a line break': '\n',
  'a carriage return': '\r',
  'a tab': '\t',
  'a form feed': '\f',
  'a zero byte': '\0',
  'an escape': '\x1b[2K',
  'a delete': '\x7f',
  'a space': ' ',
  'sixty spaces': ' '.repeat(60),
  'a semicolon': ';',
  'UTF-8 of a Cyrillic letter': '\xd0\xa1',
  'a Latin-1 letter': '\xe9',
  'a zero-width space': '\xe2\x80\x8b',
  'a turn of direction': '\xe2\x80\xae',
  'a hyphen': '-',
  'an at sign': '@',
  'a slash': '/',
  'a quote': '"',
} as const

const symbolSpoofs = (): readonly Spoof[] => {
  const grant = grantOf({ tokens: [USDC] })
  const symbols: Record<string, string> = {
    'that forges the end of a line': 'ETH/day until 2099',
    'that forges a clause': 'USDC;\nmax 9 E/day',
    'that is empty': '',
    'that begins with a digit': '0USDC',
    'that is ETH in other letters': 'eTh',
    'of 12 letters': 'ABCDEFGHIJKL',
    'of 254 letters': 'a'.repeat(254),
    'of 255 letters': 'a'.repeat(255),
    'that is wider than 640 units': 'WMWMWMWMWMW',
    'that is a word of the text': 'UNLIMITED',
    'that is a word in small letters': 'until',
    'that is a word in mixed letters': 'MaX',
    'that is what an element is called': 'item',
    'that is what an inner element is called': 'Item12',
    'that is part of a number': 'e18',
    'that is part of a number, in capitals': 'E6',
  }
  for (const [note, sign] of Object.entries(SIGNS)) {
    symbols[`with ${note}`] = `US${sign}D`
    symbols[`that ends in ${note}`] = `USD${sign}`
  }
  return Object.entries(symbols).map(([note, symbol]) => ({
    note: `a symbol ${note}`,
    grant: replaced(grant, 'USDC', symbol),
  }))
}

const functionSpoofs = (): readonly Spoof[] => {
  const grant = grantOf()
  const signatures: Record<string, string> = {
    'that forges a rule': 'x(address);\n[2] allow transfer(address,uint256)',
    'without a name': '(address,uint256)',
    'of a name with a parenthesis': 'trans(fer(address,uint256)',
    'with a space behind a comma': 'transfer(address, uint256)',
    'with names in it': 'transfer(address to,uint256)',
    'of a short type': 'transfer(address,uint)',
    'with zeros before a number': 'transfer(address,uint0256)',
    'with something behind it': 'transfer(address,uint256)x',
    'of a type that is none': 'transfer(address,uint257)',
    'of a name of 65 letters': `${'t'.repeat(65)}(address,uint256)`,
    'of a name of 255 letters': `${'t'.repeat(255)}(address,uint256)`,
    'of a name of 256 letters': `${'t'.repeat(256)}(address,uint256)`,
    'of a name that begins with a digit': '1transfer(address,uint256)',
    'of a dollar in its name': 'tran$fer(address,uint256)',
    // Its selector is that of the body, so that only the name lies.
    'of another name for the same selector': 'many_msg_babbage(bytes1)',
    'whose selector is not the body’s': 'transfem(address,uint256)',
    'whose types are not the body’s': 'transfer(address,int256)',
  }
  for (const [note, sign] of Object.entries(SIGNS)) {
    signatures[`with ${note} in its name`] = `trans${sign}fer(address,uint256)`
    signatures[`with ${note} in its types`] = `transfer(address,${sign}uint256)`
  }
  return Object.entries(signatures).map(([note, signature]) => ({
    note: `a function ${note}`,
    grant: replaced(grant, 'transfer(address,uint256)', signature, 2),
  }))
}

const lyingAction: FunctionAction = {
  kind: 'call',
  name: 'many_msg_babbage',
  inputs: [{ name: '', type: { kind: 'fixedBytes', size: 1 } }],
}

const parameterSpoofs = (): readonly Spoof[] => {
  const names: Record<string, string> = {
    'that forges a condition': 'to == account',
    'that forges a position': 'to@1',
    'that begins with a digit': '0to',
    'that is a number': '1000000',
    'of 255 letters and a line break': `${'a'.repeat(254)}\n`,
  }
  for (const [note, sign] of Object.entries(SIGNS)) names[`with ${note}`] = `am${sign}ount`
  return Object.entries(names).map(([note, name]) => ({
    note: `a parameter ${note}`,
    grant: replaced(grantOf(), 'amount', name),
  }))
}

const shapeSpoofs = (): readonly Spoof[] => {
  const many = (count: number): Policy['rules'] => Array.from({ length: count }, () => allow())
  return [
    {
      note: 'a lying name whose bytes are all of its own',
      grant: grantOf({ rules: [allow({ action: lyingAction })] }),
    },
    { note: 'more lines than are shown', grant: grantOf({ rules: many(60) }) },
    { note: 'more characters than fit', grant: grantOf({ rules: many(400) }) },
    { note: 'a chain that pushes the fees off the first page', grant: grantOf({ chainId: 2 ** 53 - 1 }) },
    {
      note: 'fees that push their amount off the first page',
      grant: grantOf({
        fees: { paidBy: { kind: 'budget', meter: 0 }, where: [] },
        meters: [{ counts: 'ETH', limit: 99_999_999_999_999n, window: { kind: 'total' } }],
      }),
    },
    { note: 'an end in the year 10000', grant: grantOf({ until: 253_402_300_800 }) },
    { note: 'nothing', grant: '0x' },
    { note: 'a byte behind the end', grant: `${grantOf()}00` },
    { note: 'a text in place of bytes', grant: `0x${hexOf('GRANT AGENT KEY;\n1 rule, 3 lines;\nEND 1 rule.')}` },
  ]
}

/** Grants that must have no text, on the chain either. */
export const spoofs = (): readonly Spoof[] => [
  ...symbolSpoofs(),
  ...functionSpoofs(),
  ...parameterSpoofs(),
  ...shapeSpoofs(),
]

const condition = (name: string): Policy => {
  const inputs: readonly Parameter[] = [
    { name: 'to', type: address },
    { name, type: uint256 },
  ]
  const action = { ...TRANSFER, inputs }
  const at = one(argument(uint256, component(1)))
  return policyOf({ rules: [allow({ action, where: [{ kind: 'compare', operator: '<=', left: at, right: at }] })] })
}

/** Names that a grant may hold and a text must not show, each with the policy that holds it. */
export const unshownNames = (): readonly { readonly name: string; readonly policy: Policy }[] =>
  [
    '',
    'from',
    'KEY',
    'max',
    'Until',
    'unlimited',
    'item',
    'item3',
    '_amount',
    'a$',
    'amountOutMinimum',
    'WWWWWWWWWWWW',
    'a'.repeat(254),
    'a'.repeat(255),
  ].map((name) => ({ name, policy: condition(name) }))

/** A token of each symbol that is just allowed. */
export const allowedSymbols: readonly Token['symbol'][] = [
  'A',
  'abcdefghijk',
  'to',
  'e',
  'xe18',
  'items',
  'F00',
  'DEADBEEF',
  'WMWMWMW',
]
