import { holdTo } from './laws.js'

const put = (where: string) =>
  `allow put(uint256 x, uint256 y, uint8 small, int8 signed, address to, bytes4 tag, bool flag) on Router where ${where}`
const single =
  'exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96) params)'
const swap = (where: string, budget: string) =>
  `allow ${single} on Router where params.recipient == account and ${where} budget ${budget}\nallow approve on [USDC, WETH] where spender == Router budget 1000 USDC/call, 1 WETH/call`

holdTo({
  code: 'W063',
  title: 'things of one kind are compared',
  refused: [
    'to == 5',
    'x == USDC',
    'to == 0x1234',
    'flag == 1',
    'tag == 5',
    'to < account',
    'tag < 0x12345678',
    'to in [5]',
    'x in [USDC]',
    'x + to == 5',
    '(x, y) == (1, 2, 3)',
    'flag == to',
  ].map(put),
  accepted: [
    'to == USDC',
    'to == session.key',
    'flag == true',
    'flag',
    'tag == 0x12345678',
    'x == 0x12345678',
    'x == small',
    'x == signed',
    '(x, to) == (1, USDC)',
  ].map(put),
})

holdTo({
  code: 'W064',
  title: 'units agree',
  refused: [
    '1 USDC + x <= 1 ETH',
    'x + 1 USDC + 1 WETH <= 5',
    'x * 1 USDC * 1 USDC <= y',
    'x / 1 USDC <= y',
    'op.maxFeePerGas * 1 ETH <= x',
    'op.maxFeePerGas in [1 USDC]',
    'x in [1 USDC, 1 WETH]',
    'x + 5 WETH at 3000 USDC per WETH <= y',
    'x + 5 USDC sold at 3000 USDC per WETH <= y',
    '(x at 3000 USDC per WETH) <= 5 USDC',
    'x in 1 USDC..1 USDC + 1 ETH',
  ].map(put),
  accepted: [
    'x + 1 USDC <= 5',
    'x * 1 USDC <= y',
    'x + 5 USDC at 3000 USDC per WETH <= 1 WETH',
    'op.maxFeePerGas * op.callGasLimit <= 0.01 ETH',
    'x in [1 USDC, 5]',
    '2 * 1 USDC <= x',
  ].map(put),
})

holdTo({
  code: 'W065',
  title: 'a constant is one that the type can hold',
  refused: [
    'small <= 256',
    'small == -1',
    'signed >= -129',
    'signed < 128',
    '300 >= small',
    'small in [1, 256]',
    'small in 0..256',
    'x >= -1',
    'small <= 5 USDC',
    `x <= 0x1${'0'.repeat(64)}`,
  ].map(put),
  accepted: ['small <= 254', 'signed >= -127', 'small in [1, 255]', 'x <= 5 USDC', 'small + 1 <= 256'].map(put),
})

holdTo({
  code: 'W066',
  title: 'amounts are whole numbers of base units',
  refused: ['x <= 1.0000001 USDC', 'x <= 0.1 wei', 'x <= 1.5', 'x <= 1.5 units', 'x <= 0.0000000001 gwei'].map(put),
  accepted: ['x <= 1.000001 USDC', 'x <= 1.5e18', 'x <= 0.000000001 gwei', 'x <= 15e1'].map(put),
})

holdTo({
  code: 'W067',
  title: 'bytes are of one length',
  refused: ['tag == 0x123456', 'tag == 0x1234567890', 'tag in [0x12345678, 0x00]'].map(put),
  accepted: ['tag == 0x12345678', 'tag in [0x12345678, 0x00000000]'].map(put),
})

holdTo({
  code: 'W071',
  title: 'a price says something',
  refused: ['x >= y at 0 USDC per WETH', 'x >= y at 1 USDC per USDC', 'x >= y at 1 units per WETH', '0% of x <= y'].map(
    put,
  ),
  accepted: ['x >= y at 0.0001 USDC per WETH', 'x >= y at 3000 USDC per ETH', '0.01% of x <= y'].map(put),
})

holdTo({
  code: 'W096',
  title: 'what the conditions fix about tokens agrees with amounts and prices',
  refused: [
    swap('params.tokenIn == USDC and params.amountIn <= 5 WETH', '5 USDC/day'),
    swap('params.tokenIn == USDC and params.amountIn in [5 WETH, 6 WETH]', '5 USDC/day'),
    swap('params.tokenIn == USDC and (params.fee == 500 or params.amountIn in 1 WETH..2 WETH)', '5 USDC/day'),
    swap(
      'params.tokenIn == WETH and params.tokenOut == USDC and params.amountOutMinimum >= params.amountIn at 3000 USDC per WETH',
      '5 WETH/day',
    ),
    swap(
      'params.tokenIn == USDC and params.tokenOut == USDC and params.amountOutMinimum >= params.amountIn at 3000 USDC per WETH',
      '5 USDC/day',
    ),
    'allow transfer on USDC where amount <= 5 WETH budget 5 USDC/day',
    'allow fill(address asset, uint256 amount) on Router where asset == USDC and amount <= 5 WETH',
    'allow go(uint256 amountIn, uint256 amountOutMin, address[] path) on Router where path[0] == USDC and path[last] == WETH and amountOutMin >= amountIn sold at 3000 USDC per WETH',
  ],
  accepted: [
    swap('params.tokenIn == USDC and params.amountIn <= 5 USDC', '5 USDC/day'),
    swap(
      'params.tokenIn == WETH and params.tokenOut == USDC and params.amountOutMinimum >= 98% of params.amountIn sold at 3000 USDC per WETH',
      '5 WETH/day',
    ),
    swap(
      'params.tokenIn == USDC and params.tokenOut == WETH and params.amountOutMinimum >= 98% of params.amountIn at 3000 USDC per WETH',
      '5 USDC/day',
    ),
    // Integers compare as they are, whatever is known of them.
    'allow go(uint256 amountIn, uint256 amountOutMin, address[] path) on Router where path[0] == USDC and path[last] == WETH and amountOutMin >= 98% of amountIn',
    'allow fill(address asset, uint256 amount) on Router where asset in [USDC, WETH] and amount <= 5 WETH',
  ],
})
