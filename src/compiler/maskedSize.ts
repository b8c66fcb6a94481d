import type { Masked } from '../policy/Operand.js'
import { sliceWidth } from './sliceWidth.js'

/** How many bytes a masked value has where it is bytes; undefined of a number. */
export const maskedSize = (operand: Masked['operand']): number | undefined => {
  switch (operand.kind) {
    case 'argument':
    case 'element':
      return operand.type.kind === 'fixedBytes' ? operand.type.size : undefined
    case 'packed element':
      return operand.size
    case 'slice':
      return sliceWidth(operand.bytes.slice)
    default:
      return operand satisfies never
  }
}
