// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A session's words: slot keccak256(account32 ‖ root32) and those after it, which ERC-7562 counts as the account's.
library Slots {
    uint256 internal constant ACTIVE = 1 << 254;
    uint256 internal constant REVOKED = 2 << 254;

    /// @notice Also the slot that Solidity gives to the value of key `account` in a mapping at slot `root`.
    function ofSession(uint256 account, uint256 root) internal pure returns (uint256 slot) {
        assembly ("memory-safe") {
            mstore(0x00, account)
            mstore(0x20, root)
            slot := keccak256(0x00, 0x40)
        }
    }

    function load(uint256 slot) internal view returns (uint256 value) {
        assembly ("memory-safe") {
            value := sload(slot)
        }
    }

    function store(uint256 slot, uint256 value) internal {
        assembly ("memory-safe") {
            sstore(slot, value)
        }
    }
}
