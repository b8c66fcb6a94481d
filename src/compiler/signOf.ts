import type { Operand } from '../policy/Operand.js'

/** How the word of an operand is read: `either` where both readings give the same number. */
export type Sign = 'signed' | 'unsigned' | 'either'

/** The sign of an operand, as docs/format.md defines it. */
export const signOf = (operand: Operand): Sign => {
  if (operand.kind === 'argument' || operand.kind === 'element')
    return operand.type.kind === 'int' ? 'signed' : 'unsigned'
  if (operand.kind !== 'constant') return 'unsigned'
  const { constant } = operand
  if (constant.kind !== 'number' && constant.kind !== 'amount') return 'unsigned'
  if (constant.value < 0n) return 'signed'
  return constant.value < 1n << 255n ? 'either' : 'unsigned'
}
