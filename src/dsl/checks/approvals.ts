/** Where a function that approves has its spender, by signature. */
export const spenderOf: ReadonlyMap<string, number> = new Map([
  ['approve(address,uint256)', 0],
  ['increaseAllowance(address,uint256)', 0],
  ['permit(address,address,uint256,uint256,uint8,bytes32,bytes32)', 1],
  ['approve(address,address,uint160,uint48)', 1],
  ['approveAndCall(address,uint256)', 0],
  ['approveAndCall(address,uint256,bytes)', 0],
])
