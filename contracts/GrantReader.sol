// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Calldata} from "./libraries/Calldata.sol";
import {Grant} from "./libraries/Grant.sol";
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
        returns (bytes32 root, uint64 chainId, address module, address account, uint32 entityId, bytes6 tag)
    {
        // Also refuses what is too short for the fields below.
        root = bytes32(Grant.derive(Calldata.positionOf(grant), grant.length));
        // version1 ‖ chainId8 ‖ module20 ‖ account20 ‖ entityId4 ‖ tag6
        chainId = uint64(bytes8(grant[1:9]));
        module = address(bytes20(grant[9:29]));
        account = address(bytes20(grant[29:49]));
        entityId = uint32(bytes4(grant[49:53]));
        tag = bytes6(grant[53:59]);
    }
}
