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

  # Its packed paths are tokens (20 bytes) with a fee (3 bytes) between two of them; that of exactOutput begins with what comes out.
  function exactInput((bytes path, address recipient, uint256 amountIn, uint256 amountOutMinimum) params)
    spends params.amountIn of params.path[0:20] unless ETH budget
    spends call.value of ETH when ETH budget
    requires len(slices(params.path, 20, 3)) >= 2
    requires params.recipient == session.account
    requires params.path[0:20] == wrapped and call.value == params.amountIn when ETH budget
  function exactOutput((bytes path, address recipient, uint256 amountOut, uint256 amountInMaximum) params)
    spends params.amountInMaximum of params.path[-20:]
    requires len(slices(params.path, 20, 3)) >= 2
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

  function exactInput((bytes path, address recipient, uint256 deadline, uint256 amountIn, uint256 amountOutMinimum) params)
    spends params.amountIn of params.path[0:20] unless ETH budget
    spends call.value of ETH when ETH budget
    requires len(slices(params.path, 20, 3)) >= 2
    requires params.recipient == session.account
    requires params.path[0:20] == wrapped and call.value == params.amountIn when ETH budget
  function exactOutput((bytes path, address recipient, uint256 deadline, uint256 amountOut, uint256 amountInMaximum) params)
    spends params.amountInMaximum of params.path[-20:]
    requires len(slices(params.path, 20, 3)) >= 2
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

action supply {
  # Aave v3 Pool and its forks; Aave v2 LendingPool
  function supply(address asset, uint256 amount, address onBehalfOf, uint16 referralCode)
    spends amount of asset
    requires onBehalfOf == session.account
  function deposit(address asset, uint256 amount, address onBehalfOf, uint16 referralCode)
    spends amount of asset
    requires onBehalfOf == session.account

  # Compound III (Comet), for the sender
  function supply(address asset, uint256 amount)
    spends amount of asset
}

action repay {
  # Aave v2 and v3
  function repay(address asset, uint256 amount, uint256 interestRateMode, address onBehalfOf)
    spends amount of asset
    requires onBehalfOf == session.account
}

action withdraw {
  # Aave v2 and v3
  function withdraw(address asset, uint256 amount, address to)
    requires to == session.account

  # ERC-4626
  function withdraw(uint256 assets, address receiver, address owner)
    requires receiver == session.account
    requires owner == session.account
  function redeem(uint256 shares, address receiver, address owner)
    requires receiver == session.account
    requires owner == session.account
}

action claim {
  # Aave v3 RewardsController
  function claimRewards(address[] assets, uint256 amount, address to, address reward)
    requires to == session.account
  function claimRewardsToSelf(address[] assets, uint256 amount, address reward)
  function claimAllRewards(address[] assets, address to)
    requires to == session.account
  function claimAllRewardsToSelf(address[] assets)

  # Compound III CometRewards
  function claim(address comet, address src, bool shouldAccrue)
    requires src == session.account

  # Merkl Distributor
  function claim(address[] users, address[] tokens, uint256[] amounts, bytes32[][] proofs)
    requires every user in users (user == session.account)

  # Uniswap MerkleDistributor and its forks
  function claim(uint256 index, address account, uint256 amount, bytes32[] merkleProof)
    requires args.account == session.account

  # Lido WithdrawalQueue, to the sender
  function claimWithdrawal(uint256 _requestId)
  function claimWithdrawals(uint256[] _requestIds, uint256[] _hints)

  # Uniswap v3 NonfungiblePositionManager
  function collect((uint256 tokenId, address recipient, uint128 amount0Max, uint128 amount1Max) params)
    requires params.recipient == session.account

  # Synthetix StakingRewards and its forks, to the sender
  function getReward()
}

action stake {
  # Lido
  function submit(address _referral)
    spends call.value of ETH
}

action wrap {
  # WETH9 and its like
  function deposit()
    spends call.value of ETH
}

action unwrap {
  function withdraw(uint256 wad)
}
`
