/** What `writ init` writes: valid as it stands, every line explained. */
export const template = `# A writ says what one session key may do with your smart account, until when, and for how much.
# Everything that it does not say is refused. On a Ledger you read every line of it ("writ preview" shows the pages):
# the fewer the rules, the fewer the pages.

writ 1
account 0x5A0b54D5dc17e0AadC383d2db43B0a0D3E029c4c  # your smart account
chain base                                          # a name or a chain id
key 0x70997970C51812dc3A010C7d01b50e0d17dc79C8      # the agent's address, never yours
ttl 7d                                              # after that the key is worth nothing; or: until 2027-01-31 12:00:00
fees 0.005 ETH/day                                  # what the agent may burn as gas

token USDC = 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 decimals 6
let Alice = 0xa11ce00000000000000000000000000000000001

# Pay Alice, at most 25 USDC at once and 100 a day.
allow transfer on USDC
  where to == Alice
  budget 100 USDC/day, 25 USDC/call
  limit 10 calls/day

# Swap a little ether each day; what comes out lands in the account.
allow swap on 0x2626664c2603336E57B271c5C0b26F421741e481 budget 0.05 ETH/day

# A deny beats every allow.
deny transfer on USDC where to == USDC
`
