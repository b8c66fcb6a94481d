/** Columns of a line, and its width in units: a Nano's line holds 17 to 21 characters, and the first screen of Flex and Stax 1,000 units. */
export const LINE = { columns: 20, units: 1000 } as const

/** What a symbol of a token may take, so that an amount and its symbol can stand on one line. */
export const SYMBOL_UNITS = 640

/**
 * Widths in units of the characters 0x20 to 0x7e: `ceil(1000 * max(flex / 416, stax / 352))` of the advance widths in px that were measured on the first
 * screens of emulated devices (Ethereum app 1.22.0), where a line is 416 px wide on Flex and 352 px on Stax. The space was not measured: 29 is more than the
 * face's own (about 27), and the most with which every text that was recorded keeps its lines.
 */
export const UNITS: readonly number[] = [
  29,
  26,
  36,
  57,
  59,
  76,
  60,
  19,
  35,
  33,
  48,
  59,
  25,
  42,
  25,
  35, //  !"#$%&'()*+,-./
  59,
  42,
  57,
  59,
  60,
  57,
  57,
  54,
  57,
  57,
  25,
  26,
  59,
  60,
  60,
  48, // 0123456789:;<=>?
  89,
  63,
  60,
  69,
  65,
  54,
  53,
  69,
  68,
  43,
  51,
  60,
  51,
  82,
  68,
  72, // @ABCDEFGHIJKLMNO
  56,
  71,
  60,
  59,
  60,
  69,
  63,
  89,
  60,
  63,
  57,
  34,
  35,
  34,
  43,
  43, // PQRSTUVWXYZ[\]^_
  44,
  52,
  56,
  51,
  57,
  54,
  35,
  57,
  53,
  23,
  23,
  51,
  25,
  79,
  53,
  54, // `abcdefghijklmno
  56,
  56,
  34,
  48,
  34,
  54,
  52,
  74,
  51,
  52,
  51,
  34,
  30,
  35,
  59, // pqrstuvwxyz{|}~
]

/** The width of a character in units; of what cannot be shown more than a line holds. */
export const unitsOf = (character: string): number => UNITS[character.charCodeAt(0) - 0x20] ?? LINE.units + 1

/** The width of a text in units. */
export const unitsOfText = (text: string): number => {
  let units = 0
  for (const character of text) units += unitsOf(character)
  return units
}

/** Whether a text can stand on one line. */
export const fitsLine = (text: string): boolean => text.length <= LINE.columns && unitsOfText(text) <= LINE.units
