/** A copy in which no two places share an object: the gate tells the parts of a policy apart by identity. */
export const ownCopy = <T>(value: T): T => {
  if (Array.isArray(value)) return value.map(ownCopy) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, ownCopy(part)])) as T
}
