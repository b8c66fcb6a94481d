// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "./Bits.sol";
import {PackedUserOperation} from "../interfaces/PackedUserOperation.sol";

/// @title The few things that Solidity cannot say about calldata: positions are plain numbers here.
/// @dev Each function has a twin in plain Solidity in contracts/test/Twins.sol, and a test compares them.
library Calldata {
    /// @notice The word at `position`; bytes past the end are zero.
    function word(uint256 position) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(position)
        }
    }

    /// @notice Copies `size` bytes from `position` into memory that was taken.
    function copy(uint256 target, uint256 position, uint256 size) internal pure {
        assembly ("memory-safe") {
            calldatacopy(target, position, size)
        }
    }

    /// @notice keccak256 of `size` bytes at `position`. They are copied behind what memory was taken, and nothing of that stays.
    function hash(uint256 position, uint256 size) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, position, size)
            value := keccak256(free, size)
        }
    }

    /// @notice Where the bytes lie.
    function positionOf(bytes calldata data) internal pure returns (uint256 position) {
        assembly ("memory-safe") {
            position := data.offset
        }
    }

    /// @notice The `size` bytes at `position`, which are there.
    function bytesAt(uint256 position, uint256 size) internal pure returns (bytes calldata data) {
        assembly ("memory-safe") {
            data.offset := position
            data.length := size
        }
    }

    /// @notice Where the struct lies.
    function positionOf(PackedUserOperation calldata userOp) internal pure returns (uint256 position) {
        assembly ("memory-safe") {
            position := userOp
        }
    }

    /**
     * @notice Where the bytes lie whose offset is the word at `base + head`, and how many there are. Nothing is checked: whoever encoded the
     * calldata is msg.sender, the account that is asked for.
     */
    function tail(uint256 base, uint256 head) internal pure returns (uint256 position, uint256 size) {
        unchecked {
            position = base + word(base + head);
            return (position + 32, word(position));
        }
    }

    /**
     * @notice Where the encoding of `bytes` ends whose length word is at `head`; `flaws` is 0 where it is canonical: it ends at `end` or before, and its padding is zero.
     */
    function bytesEnd(uint256 head, uint256 end) internal pure returns (uint256 next, uint256 flaws) {
        unchecked {
            uint256 length = word(head);
            next = head + ((length + 63) & ~uint256(31));
            // The last word without its `length mod 32` bytes; a whole word, or no word, leaves nothing.
            flaws = word(next - 32) << (8 * (((length - 1) & 31) + 1));
            // A length beyond `end`, which is below 2^64, may have wrapped the sum.
            flaws |= Bits.more(length, end) | Bits.more(next, end);
        }
    }
}
