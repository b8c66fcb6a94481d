// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Grant, Recipient} from "./libraries/Grant.sol";
import {IGrantReader} from "./interfaces/IGrantReader.sol";

/// @title GrantReader: from the bytes of a grant to its root, by a contract of its own that WritModule asks when something is granted.
/// @notice A function of the bytes and nothing else: it stores nothing, nobody owns it, and it stands at one address on every chain.
contract GrantReader is IGrantReader {
    /// @inheritdoc IGrantReader
    function read(
        bytes calldata grant
    )
        external
        pure
        returns (bytes32 root, uint256 chainId, address module, address account, uint32 entityId, bytes6 tag)
    {
        (uint256 value, Recipient memory r) = Grant.derive(grant);
        return (bytes32(value), r.chainId, r.module, r.account, r.entityId, bytes6(r.tag));
    }
}
