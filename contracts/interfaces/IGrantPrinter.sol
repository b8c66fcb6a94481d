// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The text of a grant, as docs/device-text.md defines it: a function of the grant's bytes alone.
/// @notice Where a grant has no text, errors of IWritModule say so.
interface IGrantPrinter {
    /// @notice The EIP-191 hash of the text: what the owner's signature is of.
    function hashOf(bytes calldata grant) external pure returns (bytes32 hash);

    /// @notice The text.
    function textOf(bytes calldata grant) external pure returns (string memory text);
}
