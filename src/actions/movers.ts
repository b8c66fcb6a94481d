/**
 * Functions that move tokens and are no verbs: a rule names them by signature or ABI. What they spend must be budgeted, and is counted
 * without being asked for. Sources: EIP-20, EIP-2612, EIP-777, ERC-677, EIP-1363, OpenZeppelin's ERC20, Uniswap's Permit2.
 */
export const movers = `
action transferFrom {
  function transferFrom(address from, address to, uint256 amount)
    spends amount of target
  function transferFrom(address from, address to, uint160 amount, address token)
    spends amount of token
}

action allowances {
  function increaseAllowance(address spender, uint256 addedValue)
    spends addedValue of target
  function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
    spends value of target
  function approve(address token, address spender, uint160 amount, uint48 expiration)
    spends amount of token
}

action transfersWithCall {
  function send(address recipient, uint256 amount, bytes data)
    spends amount of target
  function transferAndCall(address to, uint256 value, bytes data)
    spends value of target
  function transferAndCall(address to, uint256 value)
    spends value of target
  function transferFromAndCall(address from, address to, uint256 value)
    spends value of target
  function transferFromAndCall(address from, address to, uint256 value, bytes data)
    spends value of target
  function approveAndCall(address spender, uint256 value)
    spends value of target
  function approveAndCall(address spender, uint256 value, bytes data)
    spends value of target
}
`
