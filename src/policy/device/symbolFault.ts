import { SYMBOL_UNITS, unitsOfText } from './glyphs.js'
import { isKeyword } from './keywords.js'

/** Why a symbol cannot be shown: it is a word of the device text, it reads as part of a number, or it is too wide. */
export const symbolFault = (symbol: string): string | undefined => {
  if (isKeyword(symbol)) return 'is a word of the text that the device shows'
  if (/^e[0-9]/i.test(symbol)) return 'reads as part of a number'
  return unitsOfText(symbol) > SYMBOL_UNITS ? 'is too wide for a line of a device' : undefined
}
