import { explainFault } from '../../account/explainFault.js'
import { CliError, Reported } from '../CliError.js'

/** Waits for an answer of node or bundler; what is thrown becomes a ChainFault in the user's words. */
export const asked = async <T>(answer: Promise<T>): Promise<T> => {
  try {
    return await answer
  } catch (error) {
    throw error instanceof CliError || error instanceof Reported ? error : explainFault(error)
  }
}
