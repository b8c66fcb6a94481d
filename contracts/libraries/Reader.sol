// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Asked} from "./Asked.sol";
import {IGrantReader} from "../interfaces/IGrantReader.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";

/// @notice Whom a grant is for.
struct Recipient {
    uint64 chainId;
    address module;
    address account;
    uint32 entityId;
    uint48 tag;
}

/// @title The module's way to the contract that reads grants, which is only asked when something is granted, never when an operation is judged.
library Reader {
    /// @dev Where GrantReader stands: made from its creation code, deployer 0x4e59b44847b379578588920cA78FbF26c0B4956C and salt 0.
    /// `npm run contracts` writes this line, and `npm run contracts -- --check` compares it.
    address internal constant AT = 0x3915a9E08FFAF6f99c48dbfc4DECea21B5b31aA1;

    /// @dev Bytes that the reader answers with.
    uint256 private constant ANSWER = 192;

    /// @notice The root of a grant and whom it is for. What the reader says against a grant is said in its own words.
    function read(bytes calldata grant) internal view returns (bytes32 root, Recipient memory r) {
        bytes memory answer = Asked.ask(AT, abi.encodeCall(IGrantReader.read, (grant)));
        // A call to an address without code succeeds, and answers nothing.
        if (answer.length != ANSWER) revert IWritModule.ReaderMissing(AT);
        bytes6 tag;
        (root, r.chainId, r.module, r.account, r.entityId, tag) = abi.decode(
            answer,
            (bytes32, uint64, address, address, uint32, bytes6)
        );
        r.tag = uint48(tag);
    }
}
