/** What the grammar may miss, by the key that the grammar names: its code, how it is called, and what could be written. */
export const expectations = {
  value: [
    'W012',
    'a value',
    'a value is an argument such as `to`, a number, an amount such as `1 ETH`, an address or a name',
  ],
  name: ['W013', 'a name', 'a name begins with a letter and has letters, digits and `_`'],
  place: [
    'W014',
    'an address or the name of one',
    'write an address such as `0x2626664c2603336E57B271c5C0b26F421741e481`, or a name that the header declares',
  ],
  on: ['W014', '`on` and a target', 'write `on` and an address, a name or a list such as `[A, B]`'],
  action: [
    'W015',
    'an action',
    'write a verb such as `transfer`, or a function such as `transfer(address to, uint256 amount)`',
  ],
  amount: ['W016', 'an amount with its unit', 'write an amount such as `1 ETH` or `100 USDC`'],
  budget: [
    'W016',
    'a budget',
    'write `1 ETH/day`, `100 USDC total`, `25 USDC/call`, `unlimited USDC` or the name of a shared budget',
  ],
  limit: ['W016', 'a limit', 'write `20 calls/hour`, `3 calls total` or the name of a shared limit'],
  calls: ['W016', '`calls`', 'write `20 calls/hour`'],
  period: ['W017', 'a period', 'write `/call`, `/hour`, `/day`, `/week` or a duration such as `/30d`'],
  type: ['W022', 'a type', 'a signature lists types and names: `transfer(address to, uint256 amount)`'],
  parameterEnd: ['W022', '`,` or `)`', 'a signature lists types and names: `transfer(address to, uint256 amount)`'],
  listEnd: ['W018', '`,` or `]`', 'close the list with `]`'],
  groupEnd: ['W018', '`,` or `)`', 'close the bracket with `)`'],
  hours: ['W023', 'hours of the day', 'write `hours 09:00-17:00 UTC mon-fri`'],
  utc: ['W023', '`UTC`', 'hours are told in UTC: write `hours 09:00-17:00 UTC`'],
  fees: [
    'W024',
    'an amount, `sponsored by` or `unlimited`',
    'write `fees 0.01 ETH/day`, `fees sponsored by 0x…` or `fees unlimited`',
  ],
  date: ['W025', 'a date', 'write a date such as `2026-11-22 13:00:00`'],
  duration: ['W025', 'a duration', 'write a duration such as `90s`, `20m`, `24h` or `7d`'],
  number: ['W021', 'a number', 'write an integer'],
  string: ['W021', 'a text in quotes', 'write it like `"./abi/router.json"`'],
  chain: ['W021', 'a chain', 'write its name or its id: `chain base` or `chain 8453`'],
  operator: ['W021', '`in`', 'write `not in`, or `and not` before a condition'],
  price: ['W021', 'a price', 'write `x at 3000 USDC per WETH`'],
  entry: [
    'W021',
    '`function`, `spends` or `requires`',
    'write `function transfer(address to, uint256 amount) spends amount of target`',
  ],
  index: ['W021', 'an index', 'write `path[0]`, `path[last]` or a slice such as `path[0:20]`'],
  nested: ['W021', '`calls`, `multisend` or `commands`', 'write `each call in calls(data) { … }`'],
} as const satisfies Record<string, readonly [code: string, what: string, help: string]>

export type Expectation = keyof typeof expectations

/** Whether a message of the parser is one of the keys. */
export const isExpectation = (key: string): key is Expectation => Object.hasOwn(expectations, key)

/** The options that make the parser library return a key as the message of its exception. */
type Options = Readonly<Record<Expectation, { readonly ERR_MSG: Expectation }>>
const options = Object.fromEntries(Object.keys(expectations).map((key) => [key, { ERR_MSG: key }])) as Options

/** What the grammar names where something may be missing. */
export const expect = (key: Expectation): Options[Expectation] => options[key]
