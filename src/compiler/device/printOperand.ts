import { getAddress } from 'viem/utils'
import type { Address, Hex } from '../../policy/Hex.js'
import type { Constant, EnvironmentName, Masked, Operand } from '../../policy/Operand.js'
import type { Asset, Token } from '../../policy/Units.js'
import { maskedSize } from '../maskedSize.js'
import { tokenOf } from '../text/numberText.js'
import type { Lines } from './Lines.js'
import { cutName } from './names.js'
import { amountTexts, type NumberText, numberText } from './numbers.js'
import { itemName, type PrintScope } from './PrintScope.js'
import { printBytes, printLength, printPlace, printWordOfEach } from './printPlace.js'

/** One operand. */
export const printOperand = (lines: Lines, operand: Operand, scope: PrintScope): void => {
  switch (operand.kind) {
    case 'constant':
      printConstant(lines, operand.constant, scope)
      return
    case 'argument':
    case 'element':
      printPlace(lines, operand, scope)
      return
    case 'packed element':
      lines.word(itemName(operand.depth, scope))
      return
    case 'environment':
      printEnvironment(lines, operand.name)
      return
    case 'length':
      printLength(lines, operand.of, scope)
      return
    case 'slice':
      printBytes(lines, operand.bytes, scope)
      return
    case 'masked':
      lines.open()
      printOperand(lines, operand.operand, scope)
      lines.word('&')
      lines.hex(maskDigits(operand))
      lines.glue(')')
      return
    case 'total':
      lines.word('sum')
      lines.word('of')
      printWordOfEach(lines, operand.over.place, operand.path, scope)
      return
    default:
      operand satisfies never
  }
}

/** One constant. */
export const printConstant = (lines: Lines, constant: Constant, { tokens }: PrintScope): void => {
  switch (constant.kind) {
    case 'number':
      printNumber(lines, numberText(constant.value))
      return
    case 'amount':
      printAmount(lines, constant.value, constant.asset, tokens)
      return
    case 'address':
      printParty(lines, constant.value, tokens)
      return
    case 'bool':
      lines.word(String(constant.value))
      return
    case 'bytes':
      // Twenty bytes are else an address.
      if (constant.value.length === ADDRESS_LENGTH) lines.word('bytes')
      lines.hex(constant.value)
      return
    default:
      constant satisfies never
  }
}

const ADDRESS_LENGTH = 42

/** A token's symbol, or the address in EIP-55. */
export const printParty = (lines: Lines, address: Address, tokens: readonly Token[]): void => {
  const token = tokenOf(address, tokens)
  if (token === undefined) printAddress(lines, address)
  else lines.word(token.symbol)
}

/** An address in EIP-55, whoever's it is. */
export const printAddress = (lines: Lines, address: Address): void => {
  lines.hex(getAddress(address))
}

/** A number that is a phrase, or begins one. */
export const printNumber = (lines: Lines, [first = '', ...rest]: NumberText): void => {
  lines.word(first)
  for (const piece of rest) lines.soft(piece)
}

/** `25 USDC`, `2e19 units DAI`, `1 wei`, kept together. */
export const printAmount = (lines: Lines, value: bigint, asset: Asset, tokens: readonly Token[]): void => {
  const { number, unit } = amountTexts(value, asset, tokens)
  printNumber(lines, number)
  for (const word of unit) lines.more(word)
}

const printEnvironment = (lines: Lines, name: EnvironmentName): void => {
  const shown = name === 'session.account' ? 'account' : name === 'session.key' ? 'key' : name
  for (const [index, piece] of cutName(shown).entries()) {
    if (index > 0) lines.newline()
    lines.word(piece)
  }
}

/** The mask as bytes: of a bytesN all N, of a number as many as it has. */
const maskDigits = ({ operand, mask }: Masked): Hex => {
  const digits = mask.toString(16)
  return `0x${digits.padStart(2 * (maskedSize(operand) ?? Math.ceil(digits.length / 2)), '0')}`
}
