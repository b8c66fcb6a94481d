// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Asked} from "./Asked.sol";
import {IGrantPrinter} from "../interfaces/IGrantPrinter.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";

/// @title The module's way to the contract that prints grants, which is only asked where an owner's text is.
library Printer {
    /// @dev Where GrantPrinter stands: made from its creation code, deployer 0x4e59b44847b379578588920cA78FbF26c0B4956C and salt 0.
    /// `npm run contracts` writes this line, and `npm run contracts -- --check` compares it.
    address internal constant AT = 0x6359Fb11A69b4e3E306C7dcfa0c0CFD833eF5f3C;

    /// @notice The EIP-191 hash of the text of a grant that has the form of docs/format.md. What the printer says against it is said in its own words.
    function hashOf(bytes calldata grant) internal view returns (bytes32) {
        bytes memory answer = Asked.ask(AT, abi.encodeCall(IGrantPrinter.hashOf, (grant)));
        // A call to an address without code succeeds, and answers nothing.
        if (answer.length != 32) revert IWritModule.ReaderMissing(AT);
        return abi.decode(answer, (bytes32));
    }

    /// @notice That text.
    function textOf(bytes calldata grant) internal view returns (string memory) {
        bytes memory answer = Asked.ask(AT, abi.encodeCall(IGrantPrinter.textOf, (grant)));
        if (answer.length < 64) revert IWritModule.ReaderMissing(AT);
        return abi.decode(answer, (string));
    }
}
