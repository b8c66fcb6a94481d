// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC165} from "./IERC165.sol";
import {PackedUserOperation} from "./PackedUserOperation.sol";

/// @title What every ERC-6900 v0.8 module answers; interface id 0x46c0c1b4.
interface IERC6900Module is IERC165 {
    /// @notice Called by the account when it installs the module; msg.sender is the account.
    function onInstall(bytes calldata data) external;

    /// @notice Called by the account when it uninstalls the module.
    function onUninstall(bytes calldata data) external;

    /// @notice `vendor.module.version`.
    function moduleId() external view returns (string memory);
}

/// @title An ERC-6900 v0.8 validation module; interface id 0xab3e34c1.
interface IERC6900ValidationModule is IERC6900Module {
    /// @notice Judges a UserOperation; msg.sender is the account.
    /// @return validationData authorizer20 ‖ validUntil6 ‖ validAfter6 in the order of ERC-4337 (authorizer in the low bytes).
    function validateUserOp(
        uint32 entityId,
        PackedUserOperation calldata userOp,
        bytes32 userOpHash
    ) external returns (uint256 validationData);

    /// @notice Judges a call that `sender` makes to the account; reverts where it is not allowed.
    function validateRuntime(
        address account,
        uint32 entityId,
        address sender,
        uint256 value,
        bytes calldata data,
        bytes calldata authorization
    ) external;

    /// @notice Judges an ERC-1271 signature.
    function validateSignature(
        address account,
        uint32 entityId,
        address sender,
        bytes32 hash,
        bytes calldata signature
    ) external view returns (bytes4);
}
