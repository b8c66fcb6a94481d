/**
 * The standard library of verbs, in the language itself. A verb stands for each of its functions; `explain` and docs/verbs.md print them.
 * `target` is the contract called, `wrapped` the contract that wraps the chain's coin.
 */
export const verbs = `
action transfer {
  function transfer(address to, uint256 amount)
    spends amount of target
}

action approve {
  function approve(address spender, uint256 amount)
    spends amount of target
}

action swap {
  # Uniswap SwapRouter02
  function exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96) params)
    spends params.amountIn of params.tokenIn unless ETH budget
    spends call.value of ETH when ETH budget
    requires params.recipient == session.account
    requires params.tokenIn == wrapped and call.value == params.amountIn when ETH budget
  function exactOutputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 amountOut, uint256 amountInMaximum, uint160 sqrtPriceLimitX96) params)
    spends params.amountInMaximum of params.tokenIn
    requires params.recipient == session.account

  # Uniswap v3 SwapRouter
  function exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 deadline, uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96) params)
    spends params.amountIn of params.tokenIn unless ETH budget
    spends call.value of ETH when ETH budget
    requires params.recipient == session.account
    requires params.tokenIn == wrapped and call.value == params.amountIn when ETH budget
  function exactOutputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 deadline, uint256 amountOut, uint256 amountInMaximum, uint160 sqrtPriceLimitX96) params)
    spends params.amountInMaximum of params.tokenIn
    requires params.recipient == session.account

  # Uniswap v2 Router02
  function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline)
    spends amountIn of path[0]
    requires to == session.account
  function swapTokensForExactTokens(uint256 amountOut, uint256 amountInMax, address[] path, address to, uint256 deadline)
    spends amountInMax of path[0]
    requires to == session.account
  function swapExactTokensForETH(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline)
    spends amountIn of path[0]
    requires to == session.account
  function swapTokensForExactETH(uint256 amountOut, uint256 amountInMax, address[] path, address to, uint256 deadline)
    spends amountInMax of path[0]
    requires to == session.account
  function swapExactETHForTokens(uint256 amountOutMin, address[] path, address to, uint256 deadline)
    spends call.value of ETH
    requires path[0] == wrapped
    requires to == session.account
  function swapETHForExactTokens(uint256 amountOut, address[] path, address to, uint256 deadline)
    spends call.value of ETH
    requires path[0] == wrapped
    requires to == session.account

  # Uniswap SwapRouter02, address paths
  function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to)
    spends amountIn of path[0]
    requires to == session.account
  function swapTokensForExactTokens(uint256 amountOut, uint256 amountInMax, address[] path, address to)
    spends amountInMax of path[0]
    requires to == session.account
}
`
