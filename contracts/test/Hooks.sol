// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC165} from "../interfaces/IERC165.sol";
import {IERC6900Module} from "../interfaces/IERC6900.sol";
import {PackedUserOperation} from "../interfaces/PackedUserOperation.sol";
import {IERC6900ExecutionHookModule, IERC6900ValidationHookModule} from "./IERC6900Hooks.sol";
import {Calls} from "./Calls.sol";
import {Segments} from "./Segments.sol";
import {ValidationData} from "./ValidationData.sol";

/// @notice module20 ‖ entityId4 ‖ flags1; flags: 1 before a validation, otherwise around an execution: 4 before it, 2 after it.
type HookConfig is bytes25;

/// @title FOR TESTS ONLY: hooks of other modules on a validation, run in the order in which they were installed, after an execution backwards.
library Hooks {
    using Segments for bytes;

    struct List {
        mapping(uint256 index => HookConfig) at;
    }

    struct Running {
        HookConfig hook;
        bytes context;
    }

    uint8 private constant _VALIDATION = 1;
    uint8 private constant _AFTER = 2;
    uint8 private constant _BEFORE = 4;

    error UnsupportedHook(address module);
    error UnexpectedAuthorizer(address module, address authorizer);

    function isValidation(HookConfig hook) internal pure returns (bool) {
        return _flags(hook) & _VALIDATION != 0;
    }

    /// @param data What the hook's module is told; it hears nothing where that is empty.
    function install(List storage hooks, uint256 index, HookConfig hook, bytes calldata data) internal {
        (address module, ) = _entity(hook);
        bytes4 kind =
            isValidation(hook)
                ? type(IERC6900ValidationHookModule).interfaceId
                : type(IERC6900ExecutionHookModule).interfaceId;
        if (module.code.length == 0 || !IERC165(module).supportsInterface(kind)) revert UnsupportedHook(module);
        hooks.at[index] = hook;
        if (data.length != 0) IERC6900Module(module).onInstall(data);
    }

    function all(List storage hooks, uint256 count) internal view returns (HookConfig[] memory list) {
        list = new HookConfig[](count);
        for (uint256 i = 0; i < count; i++) list[i] = hooks.at[i];
    }

    /// @return succeeded Whether no module objected; they are gone in any case.
    function uninstall(
        List storage hooks,
        uint256 count,
        bytes[] calldata data,
        uint256 from
    ) internal returns (bool succeeded) {
        succeeded = true;
        for (uint256 i = 0; i < count; i++) {
            (address module, ) = _entity(hooks.at[i]);
            bytes calldata own = data[from + i];
            if (own.length == 0) continue;
            (bool told, ) = Calls.attempt(module, 0, abi.encodeCall(IERC6900Module.onUninstall, (own)));
            succeeded = succeeded && told;
        }
    }

    /// @return data What all of them give together.
    /// @return rest The signature without their segments.
    function beforeUserOp(
        List storage hooks,
        uint256 count,
        PackedUserOperation calldata userOp,
        bytes32 userOpHash,
        bytes calldata signature
    ) internal returns (uint256 data, bytes calldata rest) {
        rest = signature;
        for (uint256 i = 0; i < count; i++) {
            (address module, uint32 entityId) = _entity(hooks.at[i]);
            bytes calldata segment;
            (segment, rest) = rest.take(i);
            bytes memory call = Calls.withSignature(
                IERC6900ValidationHookModule.preUserOpValidationHook.selector,
                entityId,
                userOp,
                userOpHash,
                segment
            );
            uint256 answer = abi.decode(Calls.run(module, 0, call), (uint256));
            if (uint160(answer) > 1) revert UnexpectedAuthorizer(module, address(uint160(answer)));
            data = ValidationData.both(data, answer);
        }
    }

    function beforeRuntime(
        List storage hooks,
        uint256 count,
        bytes calldata data,
        bytes calldata authorization
    ) internal returns (bytes calldata rest) {
        rest = authorization;
        for (uint256 i = 0; i < count; i++) {
            (address module, uint32 entityId) = _entity(hooks.at[i]);
            bytes calldata segment;
            (segment, rest) = rest.take(i);
            IERC6900ValidationHookModule(module).preRuntimeValidationHook(
                entityId,
                msg.sender,
                msg.value,
                data,
                segment
            );
        }
    }

    function beforeSignature(
        List storage hooks,
        uint256 count,
        bytes32 hash,
        bytes calldata signature
    ) internal view returns (bytes calldata rest) {
        rest = signature;
        for (uint256 i = 0; i < count; i++) {
            (address module, uint32 entityId) = _entity(hooks.at[i]);
            bytes calldata segment;
            (segment, rest) = rest.take(i);
            IERC6900ValidationHookModule(module).preSignatureValidationHook(entityId, msg.sender, hash, segment);
        }
    }

    /// @return running What `afterwards` needs, whatever the execution does to the hooks.
    function beforehand(
        List storage hooks,
        uint256 count,
        bytes calldata data
    ) internal returns (Running[] memory running) {
        running = new Running[](count);
        for (uint256 i = 0; i < count; i++) running[i].hook = hooks.at[i];
        for (uint256 i = 0; i < count; i++) {
            HookConfig hook = running[i].hook;
            if (_flags(hook) & _BEFORE == 0) continue;
            (address module, uint32 entityId) = _entity(hook);
            running[i].context = IERC6900ExecutionHookModule(module).preExecutionHook(
                entityId,
                msg.sender,
                msg.value,
                data
            );
        }
    }

    function afterwards(Running[] memory running) internal {
        for (uint256 i = running.length; i > 0; i--) {
            HookConfig hook = running[i - 1].hook;
            if (_flags(hook) & _AFTER == 0) continue;
            (address module, uint32 entityId) = _entity(hook);
            IERC6900ExecutionHookModule(module).postExecutionHook(entityId, running[i - 1].context);
        }
    }

    function _entity(HookConfig hook) private pure returns (address module, uint32 entityId) {
        bytes25 config = HookConfig.unwrap(hook);
        return (address(bytes20(config)), uint32(bytes4(config << 160)));
    }

    function _flags(HookConfig hook) private pure returns (uint8) {
        return uint8(HookConfig.unwrap(hook)[24]);
    }
}
