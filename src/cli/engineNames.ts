/** The three readings of a policy, in the order in which they are asked. */
export const engineNames = ['evaluator', 'reference', 'module'] as const
export type EngineName = (typeof engineNames)[number]

/** Who can decide: a reading that needs nothing, or the module on a development node. */
export type DecidedBy = EngineName | 'chain'
