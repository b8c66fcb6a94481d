/** The three readings of a policy, in the order in which they are asked. */
export const engineNames = ['evaluator', 'reference', 'module'] as const
export type EngineName = (typeof engineNames)[number]
