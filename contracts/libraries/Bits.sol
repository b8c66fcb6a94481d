// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Comparisons as numbers, 1 or 0, which `|` and `&` join without a jump.
/// @dev Each function has a twin in plain Solidity in contracts/test/Twins.sol, and a test compares them.
library Bits {
    function same(uint256 a, uint256 b) internal pure returns (uint256 bit) {
        assembly ("memory-safe") {
            bit := eq(a, b)
        }
    }

    function less(uint256 a, uint256 b) internal pure returns (uint256 bit) {
        assembly ("memory-safe") {
            bit := lt(a, b)
        }
    }

    function more(uint256 a, uint256 b) internal pure returns (uint256 bit) {
        assembly ("memory-safe") {
            bit := gt(a, b)
        }
    }

    /// @notice a / b, rounded down; 0 where b is 0, which no caller has.
    function quotient(uint256 a, uint256 b) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := div(a, b)
        }
    }

    /// @notice Byte number `index` of a word, counted from the highest; 0 past the end.
    function byteAt(uint256 word, uint256 index) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := byte(index, word)
        }
    }

    /// @notice 0 where a < b, 1 where they are equal, 2 where a > b.
    function order(uint256 a, uint256 b) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := add(gt(a, b), iszero(lt(a, b)))
        }
    }
}
