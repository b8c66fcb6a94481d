import { getAddress, isHex } from 'viem'
import { LINE, unitsOfText } from '../../../src/policy/device/glyphs.js'

/** Line counts over which Flex or Stax crashes, by the rule that was found on the emulated devices (11 lines a page and 26 columns, 12 and 22). */
const crashes = (lines: number): boolean =>
  [
    [11, 26],
    [12, 22],
  ].some(([n = 0, c = 0]) => {
    const pages = Math.ceil(lines / n)
    return pages >= 2 && lines - (pages - 1) * n + Math.ceil((3 * (pages - 1)) / c) > n
  })

/** Every layout rule that a device text breaks; it is read as text, with nothing of the printer's. */
export const layoutFaults = (text: string): readonly string[] => {
  const faults: string[] = []
  const fault = (condition: boolean, what: string): void => {
    if (condition) faults.push(what)
  }
  const lines = text.split('\n')
  fault(!/^[\x20-\x7e\n]*$/.test(text), 'a character that is shown as nothing or as another')
  fault(text.length > 7600, 'more than 7600 characters')
  fault(lines.length > 250, 'more than 250 lines')
  fault(crashes(lines.length), `${lines.length} lines crash a device`)
  for (const line of lines) {
    fault(line.length > LINE.columns, `more than 20 columns: ${line}`)
    fault(unitsOfText(line) > LINE.units, `wider than 1000 units: ${line}`)
    fault(line === '' || line !== line.trim() || line.includes('  '), `spaces that are not seen: "${line}"`)
    fault(/;./.test(line), `a clause that does not begin a line: ${line}`)
  }
  const count = /^(\d+) rules?, (\d+) lines;$/.exec(lines[1] ?? '')
  fault(lines[0] !== 'GRANT AGENT KEY;', 'another first line')
  fault(Number(count?.[2]) !== lines.length, 'another number of lines')
  fault(lines.at(-1) !== `END ${/^\d+ rules?/.exec(lines[1] ?? '')?.[0]}.`, 'another last line')
  fault(lines[2] !== 'until UTC', 'no end on the third line')
  fault(!/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d;$/.test(lines[3] ?? ''), 'no date on the fourth line')
  fault(!/^chain \d+;$/.test(lines[4] ?? ''), 'no chain on the fifth line')
  fault(!/^fees (\d[\de.]* (ETH|wei)|UNLIMITED|shared #|sponsored)/.test(lines[5] ?? ''), 'no fees on the sixth line')
  const top = lines.filter((line) => /^\[\d+\] /.test(line) || /^\[\d+\]$/.test(line))
  fault(top.length !== Number(count?.[1]), 'another number of rules')
  for (const [index, line] of top.entries()) fault(!line.startsWith(`[${index + 1}]`), `rules out of order: ${line}`)
  const [first, ...rest] = lines.slice(2, -1).reverse()
  const padding = first === '-' ? 1 + rest.findIndex((line) => line !== '-') : 0
  fault(crashes(lines.length - padding) !== padding > 0, 'padding without a reason')
  for (const address of addressesOf(lines)) {
    const digits = address.slice(2)
    // Hex of other kinds that happens to have 40 digits is in lower case.
    fault(digits !== digits.toLowerCase() && getAddress(address.toLowerCase()) !== address, `not in EIP-55: ${address}`)
  }
  return faults
}

/** What stands in three groups of hex, and no more. */
const addressesOf = (lines: readonly string[]): readonly `0x${string}`[] =>
  lines.flatMap((line, index) => {
    if (!/^0x[0-9a-fA-F]{12}$/.test(line)) return []
    const [second = '', third = '', fourth = ''] = lines.slice(index + 1, index + 4)
    if (!/^[0-9a-fA-F]{14}$/.test(second)) return []
    const end = /^[0-9a-fA-F]{14}(?![0-9a-fA-F])/.exec(third)?.[0]
    if (end === undefined || /^[0-9a-fA-F]{2,14}([);,]|$)/.test(fourth)) return []
    const address = line + second + end
    return isHex(address) ? [address] : []
  })
