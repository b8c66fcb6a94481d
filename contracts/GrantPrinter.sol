// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Calldata} from "./libraries/Calldata.sol";
import {GrantText} from "./libraries/text/GrantText.sol";
import {IGrantPrinter} from "./interfaces/IGrantPrinter.sol";
import {KillText} from "./libraries/text/KillText.sol";
import {Message} from "./libraries/text/Message.sol";

/// @title GrantPrinter: the texts that owners read and sign, that of a grant from its bytes.
/// @notice A function of the bytes and nothing else, like GrantReader: it stores nothing, nobody owns it, and it stands at one address on every chain. What GrantReader
/// refuses it may print in any way: WritModule asks for the text of what was read only.
contract GrantPrinter is IGrantPrinter {
    /// @inheritdoc IGrantPrinter
    function hashOf(bytes calldata grant) external pure returns (bytes32) {
        (uint256 text, uint256 size) = GrantText.print(Calldata.positionOf(grant), grant.length);
        return bytes32(Message.hash(text, size));
    }

    /// @inheritdoc IGrantPrinter
    function textOf(bytes calldata grant) external pure returns (string memory) {
        (uint256 text, uint256 size) = GrantText.print(Calldata.positionOf(grant), grant.length);
        return Message.toString(text, size);
    }

    /// @inheritdoc IGrantPrinter
    function killHash(address account, uint64 chainId, uint48 time) external pure returns (bytes32) {
        (uint256 text, uint256 size) = KillText.all(uint160(account), chainId, time);
        return bytes32(Message.hash(text, size));
    }

    /// @inheritdoc IGrantPrinter
    function revokeHash(address account, uint64 chainId, bytes32 root) external pure returns (bytes32) {
        (uint256 text, uint256 size) = KillText.session(uint160(account), chainId, uint256(root));
        return bytes32(Message.hash(text, size));
    }
}
