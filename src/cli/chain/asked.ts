import { explainFault, type FaultContext } from '../../account/explainFault.js'
import { CliError, Reported } from '../CliError.js'

/**
 * Waits for an answer of the node, or of the `peer`; what is thrown becomes a ChainFault in the user's words. What ends a command already still does.
 */
export const asked = async <T>(answer: Promise<T>, peer: FaultContext['peer'] = 'node'): Promise<T> => {
  try {
    return await answer
  } catch (error) {
    let cause = error
    for (let depth = 0; depth < 10 && cause instanceof Error; depth += 1, cause = cause.cause)
      if (cause instanceof CliError || cause instanceof Reported) throw cause
    throw explainFault(error, { peer })
  }
}
