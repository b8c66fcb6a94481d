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
}
