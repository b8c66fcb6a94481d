/** The language's words: none of them is a name of its own in a canonical text. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'writ account key chain from until ttl fees token contract let budget limit import action allow deny on where hours each counting ' +
    'unlimited sponsored by total rolling decimals base abi function spends requires when unless and or not in starts with at sold per ' +
    'of every any true false'
  ).split(' '),
)

/** Words that are no keywords and yet mean something where a value stands. */
export const RESERVED: ReadonlySet<string> = new Set(
  'ETH gwei wei units calls now args call session op target wrapped last UTC'.split(' '),
)
