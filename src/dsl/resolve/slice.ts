import type { ByteRange } from '../../policy/Place.js'
import type { Path, Step } from '../ast.js'
import type { Context } from './Context.js'

const farthest = 65_535

/** The bytes that `[a:b]` names, `whole` where that is all of them; what can never be there is reported. */
export function readRange(
  step: Extract<Step, { kind: 'slice' }>,
  { root }: Path,
  context: Context,
): ByteRange | 'whole' | undefined {
  const refuse = (message: string, help: string): undefined => {
    context.report({ code: 'W111', severity: 'error', span: step.span, message, help })
  }
  const [start, end] = [Number(step.start?.value ?? 0n), step.end && Number(step.end.value)]
  if (Math.abs(start) > farthest || Math.abs(end ?? 0) > farthest)
    return refuse('this slice reaches too far', `a position is ${farthest} at most`)
  if (end === undefined) return start === 0 ? 'whole' : { start }
  const width = widthOf({ start, end })
  if (end === 0 || (width !== undefined && width <= 0))
    return refuse(
      'this slice is empty',
      `\`${root.text}[0:20]\` is the first 20 bytes, \`${root.text}[-20:]\` the last 20; whether there are any bytes says \`len(${root.text}) == 0\``,
    )
  return { start, end }
}

/** How many bytes a range has, where it alone tells: both positions count from one side, or there is no end. */
export function widthOf({ start, end }: ByteRange): number | undefined {
  if (end === undefined) return start < 0 ? -start : undefined
  return start < 0 === end < 0 ? end - start : undefined
}
