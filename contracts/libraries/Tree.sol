// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "./Bits.sol";
import {Memory} from "./Memory.sol";

/// @title Hashes of leaves, nodes and roots. Each kind has its own first byte, so none can pass for another.
library Tree {
    uint256 internal constant PREFIX_SIZE = 59;

    /// @notice The hash of a leaf. The byte before it in memory is overwritten.
    function leafHash(uint256 leaf, uint256 size) internal pure returns (uint256) {
        unchecked {
            Memory.putByte(leaf - 1, 0);
            return Memory.hash(leaf - 1, size + 1);
        }
    }

    /// @notice The hash of a node over two others, in either order. `scratch` is 96 bytes of memory that were taken.
    function node(uint256 scratch, uint256 a, uint256 b) internal pure returns (uint256) {
        unchecked {
            // The lesser one comes first.
            uint256 behind = 32 * Bits.more(a, b);
            Memory.put(scratch, 1);
            Memory.put(scratch + 32 + behind, a);
            Memory.put(scratch + 64 - behind, b);
            return Memory.hash(scratch + 31, 65);
        }
    }

    /// @notice The root that the tree with this top has under a header, for the present chain, this module and msg.sender.
    function root(
        uint256 entityId,
        uint256 tag,
        uint256 header,
        uint256 headerSize,
        uint256 top
    ) internal view returns (uint256) {
        unchecked {
            uint256 at = Memory.take(PREFIX_SIZE + 32 + headerSize);
            uint256 module = uint160(address(this));
            // 0x02 ‖ chainId8 ‖ module20 ‖ 3 bytes, then the last 2 bytes of module ‖ account20 ‖ entityId4 ‖ tag6.
            Memory.put(at, (2 << 248) | (block.chainid << 184) | (module << 24));
            Memory.put(at + 27, (module << 240) | (uint256(uint160(msg.sender)) << 80) | (entityId << 48) | tag);
            Memory.copy(at + PREFIX_SIZE, header, headerSize);
            Memory.put(at + PREFIX_SIZE + headerSize, top);
            return Memory.hash(at, PREFIX_SIZE + 32 + headerSize);
        }
    }
}
