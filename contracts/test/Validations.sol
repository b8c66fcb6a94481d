// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6900ValidationModule} from "../interfaces/IERC6900.sol";
import {HookConfig, Hooks} from "./Hooks.sol";

struct Call {
    address target;
    uint256 value;
    bytes data;
}

/// @dev What every operation reads stands in one word. Without a module it is the owner's own, as entity 0.
struct Validation {
    address module;
    uint8 flags;
    uint8 validationHooks;
    uint8 executionHooks;
    mapping(bytes4 selector => bool) allowed;
    Hooks.List beforeValidation;
    Hooks.List aroundExecution;
    /// @dev Those that are allowed, to be read.
    bytes4[] selectors;
}

/// @notice What ERC-6900 has an account tell of a validation (IERC6900AccountView).
struct ValidationDataView {
    uint8 validationFlags;
    HookConfig[] validationHooks;
    HookConfig[] executionHooks;
    bytes4[] selectors;
}

/// @title FOR TESTS ONLY: what a validation may validate.
library Validations {
    using Hooks for Hooks.List;

    uint8 internal constant FLAG_USER_OP = 1;
    uint8 internal constant FLAG_SIGNATURE = 2;
    uint8 internal constant FLAG_GLOBAL = 4;
    uint8 internal constant OPTION_GLOBAL = 1;
    uint8 internal constant OPTION_DEFERRED = 2;

    // Of the account's functions in ERC-6900 and ERC-4337.
    bytes4 internal constant EXECUTE = 0xb61d27f6;
    bytes4 internal constant EXECUTE_BATCH = 0x34fcd5be;
    bytes4 internal constant EXECUTE_USER_OP = 0x8dd7712f;
    bytes4 internal constant EXECUTE_WITH_RUNTIME_VALIDATION = 0xf2680c0f;

    error UnsupportedOptions(uint8 options);
    error NotInstalled(uint32 entityId);
    error SignatureValidationNotAllowed(uint32 entityId);
    error SelectorNotAllowed(uint32 entityId, bytes4 selector);
    error SelfCallNotAllowed(bytes4 selector);

    /// @notice Reverts unless the validation may validate this calldata to the account.
    /// @return module Zero: the owner's own validation.
    function check(
        Validation storage validation,
        uint32 entityId,
        uint8 options,
        bytes calldata callData
    ) internal view returns (address module, uint8 flags, uint8 validationHooks, uint8 executionHooks) {
        if (options & ~(OPTION_GLOBAL | OPTION_DEFERRED) != 0) revert UnsupportedOptions(options);
        bytes4 selector = outerSelector(callData);
        if (selector == EXECUTE_USER_OP) {
            callData = callData[4:];
            selector = outerSelector(callData);
        }
        (module, flags) = (validation.module, validation.flags);
        (validationHooks, executionHooks) = (validation.validationHooks, validation.executionHooks);
        if (module == address(0)) {
            // The owner's own validation is global: it may call whatever the account has.
            if (entityId != 0) revert NotInstalled(entityId);
        } else {
            bool allowed = options & OPTION_GLOBAL != 0 ? flags & FLAG_GLOBAL != 0 : validation.allowed[selector];
            if (!allowed) revert SelectorNotAllowed(entityId, selector);
        }
        _checkSelfCalls(validation, entityId, selector, callData);
    }

    /// @notice Lets the validation validate calls of this function.
    function allow(Validation storage validation, bytes4 selector) internal {
        if (validation.allowed[selector]) return;
        validation.allowed[selector] = true;
        validation.selectors.push(selector);
    }

    /// @notice All zero where nothing is installed.
    function look(Validation storage validation) internal view returns (ValidationDataView memory data) {
        if (validation.module == address(0)) return data;
        data.validationFlags = validation.flags;
        data.validationHooks = validation.beforeValidation.all(validation.validationHooks);
        data.executionHooks = validation.aroundExecution.all(validation.executionHooks);
        data.selectors = validation.selectors;
    }

    /// @notice The answer of the validation's module, which must be one that may sign for the account.
    function signature(
        Validation storage validation,
        uint32 entityId,
        bytes32 hash,
        bytes calldata checked
    ) internal view returns (bytes4) {
        if (validation.flags & FLAG_SIGNATURE == 0) revert SignatureValidationNotAllowed(entityId);
        IERC6900ValidationModule module = IERC6900ValidationModule(validation.module);
        return module.validateSignature(address(this), entityId, msg.sender, hash, checked);
    }

    function outerSelector(bytes calldata data) internal pure returns (bytes4) {
        return data.length < 4 ? bytes4(0) : bytes4(data[:4]);
    }

    /// @dev Calls of the account to itself would be made with the account's own authority: only those that the validation could make
    /// directly are let through, and none that run further calls.
    function _checkSelfCalls(
        Validation storage validation,
        uint32 entityId,
        bytes4 selector,
        bytes calldata callData
    ) private view {
        if (selector == EXECUTE) {
            (address target, , ) = abi.decode(callData[4:], (address, uint256, bytes));
            if (target == address(this)) revert SelfCallNotAllowed(selector);
        } else if (selector == EXECUTE_BATCH) {
            Call[] memory calls = abi.decode(callData[4:], (Call[]));
            for (uint256 i = 0; i < calls.length; i++) {
                if (calls[i].target == address(this)) _checkInnerCall(validation, entityId, calls[i].data);
            }
        }
    }

    function _checkInnerCall(Validation storage validation, uint32 entityId, bytes memory data) private view {
        bytes4 inner = data.length < 4 ? bytes4(0) : bytes4(data);
        bool nests =
            inner == EXECUTE ||
                inner == EXECUTE_BATCH ||
                inner == EXECUTE_USER_OP ||
                inner == EXECUTE_WITH_RUNTIME_VALIDATION;
        if (nests) revert SelfCallNotAllowed(inner);
        bool allowed = validation.module == address(0) ? entityId == 0 : validation.allowed[inner];
        if (!allowed) revert SelectorNotAllowed(entityId, inner);
    }
}
