import { parseAbi } from 'viem'

/** What can be read of the module, and what it reports (contracts/interfaces/IWritModule.sol). */
export const moduleAbi = parseAbi([
  'function sessionWords(address account, bytes32 root, uint256 first, uint256 count) view returns (bytes32[] words)',
  'function killWord(address account) view returns (uint48 killedAt, uint48 tag)',
  'function ownersOf(address account, uint32 entityId) view returns (address first, address second, uint8 flags, bool installed)',
  'function pinned(address account, address token) view returns (bool known, uint8 decimals)',
  'event Granted(address indexed account, bytes32 indexed root, bytes grant)',
  'event Revoked(address indexed account, bytes32 indexed root)',
  'event RevokedAll(address indexed account, bytes6 tag)',
  'event OwnersSet(address indexed account, uint32 indexed entityId, address first, address second)',
])
