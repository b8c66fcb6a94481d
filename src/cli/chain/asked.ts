import { explainFault } from '../../account/explainFault.js'
import { CliError, Reported } from '../CliError.js'

/** Waits for an answer of node or bundler; what is thrown becomes a ChainFault in the user's words. What ends a command already still does. */
export const asked = async <T>(answer: Promise<T>): Promise<T> => {
  try {
    return await answer
  } catch (error) {
    let cause = error
    for (let depth = 0; depth < 10 && cause instanceof Error; depth += 1, cause = cause.cause)
      if (cause instanceof CliError || cause instanceof Reported) throw cause
    throw explainFault(error)
  }
}
