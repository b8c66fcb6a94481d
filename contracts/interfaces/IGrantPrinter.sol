// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The texts that owners sign, as docs/device-text.md defines them: that of a grant is a function of its bytes alone.
/// @notice Where a grant has no text, errors of IWritModule say so.
interface IGrantPrinter {
    /// @notice The EIP-191 hash of the text: what the owner's signature is of.
    function hashOf(bytes calldata grant) external pure returns (bytes32 hash);

    /// @notice The text.
    function textOf(bytes calldata grant) external pure returns (string memory text);

    /// @notice The EIP-191 hash of the text that ends every session of an account made before `time` (unix seconds, before the year 10000), on a chain or, where `chainId` is 0,
    /// on every chain (docs/device-text.md).
    function killHash(address account, uint64 chainId, uint48 time) external pure returns (bytes32 hash);

    /// @notice The EIP-191 hash of the text that ends the session of a root on a chain.
    function revokeHash(address account, uint64 chainId, bytes32 root) external pure returns (bytes32 hash);
}
