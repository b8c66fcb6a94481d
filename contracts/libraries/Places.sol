// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Values of the calldata that need not be a word, and ranges of their bytes.
library Places {
    /// The first byte of a place: the arguments; from 1 on an element, of the innermost quantifier first; a word of the heads.
    uint256 internal constant ARGUMENTS = 0x00;
    uint256 internal constant HEADS = 0xff;
    /// Flags of a range.
    uint256 internal constant RANGE = 1;
    uint256 internal constant START_FROM_END = 2;
    uint256 internal constant END = 4;
    uint256 internal constant END_FROM_END = 8;
    /// The first byte of a comparison's right side, where it is no place.
    uint256 internal constant CONSTANT = 0x00;
}
