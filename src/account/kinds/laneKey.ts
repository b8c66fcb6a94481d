const LANES = 1n << 152n
const ENTITIES = 2 ** 32

/**
 * `lane19 ‖ entityId4 ‖ options1`: a key of the EntryPoint's nonces, laid out as Modular Account v2 reads it; accounts that read none are given
 * the same, so that the sequences of two validations never meet. Throws RangeError where a part does not fit.
 */
export function laneKey(entityId: number, options: number, lane = 0n): bigint {
  if (lane < 0n || lane >= LANES) throw new RangeError(`a lane is below 2^152, not ${lane}`)
  if (!Number.isInteger(entityId) || entityId < 0 || entityId >= ENTITIES)
    throw new RangeError(`an entity id is below 2^32, not ${entityId}`)
  return (lane << 40n) | (BigInt(entityId) << 8n) | BigInt(options)
}
