// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Calls that an argument carries.
library Nested {
    uint256 internal constant CALLS = 0x00;
    uint256 internal constant MULTISEND = 0x01;
    uint256 internal constant COMMANDS = 0x02;
}
