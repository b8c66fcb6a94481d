// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What the bytes of a grant mean, whoever asks: no storage, no owner, no block data.
/// @notice The byte format of grants is drawn in docs/format.md; what is wrong with one is said by errors of IWritModule, which passes them on.
interface IGrantReader {
    /// @notice The root of a grant that has the form of docs/format.md, and whom it is for.
    function read(
        bytes calldata grant
    )
        external
        pure
        returns (bytes32 root, uint64 chainId, address module, address account, uint32 entityId, bytes6 tag);

    /// @notice The EIP-191 hash of the text that ends every session of an account made before `time` (unix seconds, before the year 10000), on a chain or, where `chainId` is 0,
    /// on every chain (docs/device-text.md).
    function killHash(address account, uint64 chainId, uint48 time) external pure returns (bytes32 hash);

    /// @notice The EIP-191 hash of the text that ends the session of a root on a chain.
    function revokeHash(address account, uint64 chainId, bytes32 root) external pure returns (bytes32 hash);
}
