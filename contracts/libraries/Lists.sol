// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What a quantifier goes over, and what has a length.
library Lists {
    uint256 internal constant ARRAY = 0x00;
    uint256 internal constant WORDS = 0x01;
    uint256 internal constant PACKED = 0x02;
    uint256 internal constant BYTES = 0x03;
    uint256 internal constant MULTISEND = 0x04;
}
