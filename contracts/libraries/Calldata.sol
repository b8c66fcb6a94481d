// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The few things that Solidity cannot say about calldata: positions are plain numbers here.
/// @dev Each function has a twin in plain Solidity in contracts/test/, and a test compares them.
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

    /// @notice Where the bytes lie.
    function positionOf(bytes calldata data) internal pure returns (uint256 position) {
        assembly ("memory-safe") {
            position := data.offset
        }
    }

    /**
     * @notice Where the canonical encoding of `bytes` ends whose length word is at `head`; 0 where it is not canonical: it must end at
     * `end` or before, and its padding must be zero.
     */
    function bytesEnd(uint256 head, uint256 end) internal pure returns (uint256 next) {
        unchecked {
            uint256 length = word(head);
            // The first comparison keeps the sum from wrapping: positions are below 2^64.
            if (length > end) return 0;
            next = head + ((length + 63) & ~uint256(31));
            if (next > end) return 0;
            // The last word without its `length mod 32` bytes; a whole word, or no word, leaves nothing.
            if (word(next - 32) << (8 * (((length - 1) & 31) + 1)) != 0) return 0;
        }
    }
}
