// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6900Module} from "../interfaces/IERC6900.sol";
import {PackedUserOperation} from "../interfaces/PackedUserOperation.sol";

/// @title An ERC-6900 v0.8 module with hooks that run before a validation.
interface IERC6900ValidationHookModule is IERC6900Module {
    /// @param userOp Its signature is the hook's own segment.
    /// @return validationData As of a validation, with 0 or 1 as authorizer.
    function preUserOpValidationHook(
        uint32 entityId,
        PackedUserOperation calldata userOp,
        bytes32 userOpHash
    ) external returns (uint256 validationData);

    function preRuntimeValidationHook(
        uint32 entityId,
        address sender,
        uint256 value,
        bytes calldata data,
        bytes calldata authorization
    ) external;

    function preSignatureValidationHook(
        uint32 entityId,
        address sender,
        bytes32 hash,
        bytes calldata signature
    ) external view;
}

/// @title An ERC-6900 v0.8 module with hooks that run around an execution.
interface IERC6900ExecutionHookModule is IERC6900Module {
    /// @param data What the account was called with; the whole of `executeUserOp` where the EntryPoint called that.
    /// @return context What the hook after the execution gets.
    function preExecutionHook(
        uint32 entityId,
        address sender,
        uint256 value,
        bytes calldata data
    ) external returns (bytes memory context);

    function postExecutionHook(uint32 entityId, bytes calldata context) external;
}
