// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Asked} from "./Asked.sol";
import {IGrantPrinter} from "../interfaces/IGrantPrinter.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";

/// @title The module's way to the contract that prints what owners sign, which is only asked where an owner's text is.
library Printer {
    /// @dev Where GrantPrinter stands: made from its creation code, deployer 0x4e59b44847b379578588920cA78FbF26c0B4956C and salt 0.
    /// `npm run contracts` writes this line, and `npm run contracts -- --check` compares it.
    address internal constant AT = 0xCDeB36B8cb724d1a0FdeC4be2088444Fd59cE184;

    /// @notice The EIP-191 hash of the text of a grant that has the form of docs/format.md. What the printer says against it is said in its own words.
    function hashOf(bytes calldata grant) internal view returns (bytes32) {
        return one(abi.encodeCall(IGrantPrinter.hashOf, (grant)));
    }

    /// @notice That text.
    function textOf(bytes calldata grant) internal view returns (string memory) {
        bytes memory answer = Asked.ask(AT, abi.encodeCall(IGrantPrinter.textOf, (grant)));
        if (answer.length < 64) revert IWritModule.ReaderMissing(AT);
        return abi.decode(answer, (string));
    }

    /// @notice The EIP-191 hash of the text that ends every session made before `time`; on every chain where `chainId` is 0.
    function killHash(address account, uint64 chainId, uint48 time) internal view returns (bytes32) {
        return one(abi.encodeCall(IGrantPrinter.killHash, (account, chainId, time)));
    }

    /// @notice The EIP-191 hash of the text that ends the session of a root.
    function revokeHash(address account, uint64 chainId, bytes32 root) internal view returns (bytes32) {
        return one(abi.encodeCall(IGrantPrinter.revokeHash, (account, chainId, root)));
    }

    /// @dev A question that is answered by one word.
    function one(bytes memory question) private view returns (bytes32) {
        bytes memory answer = Asked.ask(AT, question);
        // A call to an address without code succeeds, and answers nothing.
        if (answer.length != 32) revert IWritModule.ReaderMissing(AT);
        return abi.decode(answer, (bytes32));
    }
}
