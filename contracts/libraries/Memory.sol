// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The few things that Solidity cannot say about memory: positions are plain numbers here.
/// @dev Each function has a twin in plain Solidity in contracts/test/Twins.sol, and a test compares them.
library Memory {
    /// @notice The word at `position`.
    function word(uint256 position) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(position)
        }
    }

    /// @notice The big-endian number that `size` bytes at `position` make; size is 0 to 32.
    function number(uint256 position, uint256 size) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(sub(256, shl(3, size)), mload(position))
        }
    }

    /// @notice The byte at `position`.
    function one(uint256 position) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := byte(0, mload(position))
        }
    }

    /// @notice keccak256 of `size` bytes at `position`.
    function hash(uint256 position, uint256 size) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := keccak256(position, size)
        }
    }

    /// @notice Where the bytes themselves begin, behind their length.
    function positionOf(bytes memory data) internal pure returns (uint256 position) {
        assembly ("memory-safe") {
            position := add(data, 32)
        }
    }

    /// @notice Takes `size` bytes of fresh memory, not cleared; later allocations come after them.
    function take(uint256 size) internal pure returns (uint256 position) {
        assembly ("memory-safe") {
            position := mload(0x40)
            mstore(0x40, add(position, size))
        }
    }

    /// @notice Takes all memory before `end`; nothing may have been taken beyond it.
    function takeUntil(uint256 end) internal pure {
        assembly ("memory-safe") {
            mstore(0x40, end)
        }
    }

    /// @notice Gives back all memory from `position` on: nobody may use it any more.
    function release(uint256 position) internal pure {
        assembly ("memory-safe") {
            mstore(0x40, position)
        }
    }

    /// @notice Writes a word into memory that was taken.
    function put(uint256 position, uint256 value) internal pure {
        assembly ("memory-safe") {
            mstore(position, value)
        }
    }

    /// @notice Writes one byte, the lowest of `value`, into memory that was taken.
    function putByte(uint256 position, uint256 value) internal pure {
        assembly ("memory-safe") {
            mstore8(position, value)
        }
    }

    /// @notice Copies `size` bytes of memory from `source` to `target`, which was taken.
    function copy(uint256 target, uint256 source, uint256 size) internal pure {
        assembly ("memory-safe") {
            mcopy(target, source, size)
        }
    }
}
