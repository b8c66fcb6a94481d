import { AbiDecodingZeroDataError, BaseError } from 'viem'
import type { Address } from '../../policy/Hex.js'
import { ChainFault } from '../ChainFault.js'

/** Awaits a reading of the module; where nothing answered, because nothing stands there, says so. Other errors pass as they are. */
export async function askModule<Answer>(module: Address, reading: Promise<Answer>): Promise<Answer> {
  try {
    return await reading
  } catch (error) {
    if (!(error instanceof BaseError) || !error.walk((cause) => cause instanceof AbiDecodingZeroDataError)) throw error
    throw new ChainFault(
      'module-missing',
      `no module answers at ${module}`,
      'look whether this is the right chain and the right module, or put the module there with `writ deploy`',
      error,
    )
  }
}
