import { BaseError } from 'viem'
import { ChainFault } from '../../account/ChainFault.js'

/** Waits for an answer of node or bundler; what viem throws becomes a ChainFault in the user's words. */
export const asked = async <T>(answer: Promise<T>): Promise<T> => {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ChainFault || !(error instanceof BaseError)) throw error
    throw new ChainFault('unknown', error.shortMessage, 'look at the node, then try again', error)
  }
}
