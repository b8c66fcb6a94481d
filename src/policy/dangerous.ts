import type { Hex } from './Hex.js'

/**
 * Signatures that move or give away what an account owns. Four bytes can be ground: a function of another name with one of these selectors
 * lies about what it does. Sources: EIP-20, 721, 777, 1155, 2612, 1967 proxies, ERC-677, 1363, Permit2, OpenZeppelin's Ownable and AccessControl, ERC-20Votes.
 * By selector; the selectors are written down, and compared by a test, because every start of the program would else hash them all.
 */
export const dangerousFunctions: ReadonlyMap<Hex, string> = new Map([
  ['0xa9059cbb', 'transfer(address,uint256)'],
  ['0x23b872dd', 'transferFrom(address,address,uint256)'],
  ['0x095ea7b3', 'approve(address,uint256)'],
  ['0x39509351', 'increaseAllowance(address,uint256)'],
  ['0xd505accf', 'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)'],
  ['0x8fcbaf0c', 'permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)'],
  ['0x42842e0e', 'safeTransferFrom(address,address,uint256)'],
  ['0xb88d4fde', 'safeTransferFrom(address,address,uint256,bytes)'],
  ['0xf242432a', 'safeTransferFrom(address,address,uint256,uint256,bytes)'],
  ['0x2eb2c2d6', 'safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)'],
  ['0xa22cb465', 'setApprovalForAll(address,bool)'],
  ['0x9bd9bbc6', 'send(address,uint256,bytes)'],
  ['0x959b8c3f', 'authorizeOperator(address)'],
  ['0x1296ee62', 'transferAndCall(address,uint256)'],
  ['0x4000aea0', 'transferAndCall(address,uint256,bytes)'],
  ['0x3177029f', 'approveAndCall(address,uint256)'],
  ['0xcae9ca51', 'approveAndCall(address,uint256,bytes)'],
  ['0xd8fbe994', 'transferFromAndCall(address,address,uint256)'],
  ['0xc1d34b89', 'transferFromAndCall(address,address,uint256,bytes)'],
  ['0x87517c45', 'approve(address,address,uint160,uint48)'],
  ['0x36c78516', 'transferFrom(address,address,uint160,address)'],
  ['0x5c19a95c', 'delegate(address)'],
  ['0xf2fde38b', 'transferOwnership(address)'],
  ['0x2f2ff15d', 'grantRole(bytes32,address)'],
  ['0x3659cfe6', 'upgradeTo(address)'],
  ['0x4f1ef286', 'upgradeToAndCall(address,bytes)'],
  ['0x8f283970', 'changeAdmin(address)'],
  ['0xb61d27f6', 'execute(address,uint256,bytes)'],
  ['0x34fcd5be', 'executeBatch((address,uint256,bytes)[])'],
  ['0xac9650d8', 'multicall(bytes[])'],
])
