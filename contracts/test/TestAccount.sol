// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6900Module, IERC6900ValidationModule} from "../interfaces/IERC6900.sol";
import {PackedUserOperation} from "../interfaces/PackedUserOperation.sol";
import {Calls} from "./Calls.sol";
import {HookConfig, Hooks} from "./Hooks.sol";
import {Segments} from "./Segments.sol";
import {ValidationData} from "./ValidationData.sol";
import {Call, Validation, ValidationDataView, Validations} from "./Validations.sol";

/// @title FOR TESTS ONLY: a small ERC-6900 v0.8 account. Do not keep anything of value in it.
/// @notice Written from the text of ERC-6900 and ERC-4337 so that a validation module can be tried against a whole account.
/// Nonces and signatures are laid out as Modular Account v2 lays them out:
///   nonce                 key19 ‖ entityId4 ‖ options1 ‖ sequence8        options: 1 global, 2 deferred action
///   userOp.signature      segments
///   authorization,
///   ERC-1271 signature    options1 ‖ entityId4 ‖ segments
///   segments              [index1 ‖ length4 ‖ what this hook gets]* ‖ 0xFF ‖ what the validation checks
///   with option 2         length4 ‖ action ‖ length4 ‖ what the action's validation checks ‖ segments
///   action                entityId20 ‖ options1 ‖ deadline6 ‖ calldata to the account
/// Entity 0 is the owner's own validation unless a module is installed there; the owner signs `00 ‖ r ‖ s ‖ v`.
/// No execution modules, no direct calls, no hooks on selectors, no upgrades: what is not supported reverts.
contract TestAccount {
    using Hooks for Hooks.List;
    using Segments for bytes;
    using Validations for Validation;

    /// @dev Versions 0.7 and 0.8, where they stand on every chain.
    address private constant _ENTRY_POINT = 0x0000000071727De22E5E9d8BAf0edAc6f37da032;
    address private constant _ENTRY_POINT_08 = 0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108;
    /// @dev ERC-165 id of a validation module in ERC-6900 v0.8.
    bytes4 private constant _VALIDATION_MODULE = 0xab3e34c1;
    bytes4 private constant _ERC1271_VALID = 0x1626ba7e;
    bytes4 private constant _INVALID = 0xffffffff;
    uint256 private constant _SIG_VALIDATION_FAILED = 1;
    bytes32 private constant _DOMAIN_TYPE = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
    bytes32 private constant _REPLAY_SAFE_TYPE = keccak256("ReplaySafeHash(bytes32 hash)");
    bytes32 private constant _DEFERRED_TYPE = keccak256("DeferredAction(uint256 nonce,uint48 deadline,bytes call)");

    /// @dev Slot 0. Read once by each owner's operation.
    address private _owner;
    /// @dev Slot 1. Each validation reads the word with module and flags, and, unless global, the word of its selector.
    mapping(uint32 entityId => Validation) private _validations;

    event ValidationInstalled(address indexed module, uint32 indexed entityId);
    event ValidationUninstalled(address indexed module, uint32 indexed entityId, bool onUninstallSucceeded);

    error NotFromEntryPoint(address sender);
    error NotFromEntryPointOrSelf(address sender);
    error NotTheOwner(address sender);
    error UnsupportedModule(address module);
    error EntityIdTaken(uint32 entityId, address module);
    error UserOpValidationNotAllowed(uint32 entityId);
    error ExecuteUserOpRequired(uint32 entityId);
    error DeferredActionHasHooks(uint32 entityId);
    error DeferredActionNotSigned(uint32 entityId);
    error HookDataCountDiffers(uint256 given, uint256 hooks);
    error PrefundFailed();

    modifier onlyEntryPoint() {
        if (!_isEntryPoint(msg.sender)) revert NotFromEntryPoint(msg.sender);
        _;
    }

    modifier onlyEntryPointOrSelf() {
        if (!_isEntryPoint(msg.sender) && msg.sender != address(this)) revert NotFromEntryPointOrSelf(msg.sender);
        _;
    }

    constructor(address owner_) payable {
        _owner = owner_;
    }

    receive() external payable {}

    // --- ERC-4337

    function validateUserOp(
        PackedUserOperation calldata userOp,
        bytes32 userOpHash,
        uint256 missingAccountFunds
    ) external onlyEntryPoint returns (uint256 validationData) {
        bytes calldata signature = userOp.signature;
        if (uint8(userOp.nonce >> 64) & Validations.OPTION_DEFERRED == 0) {
            validationData = _validateUserOp(userOp, userOpHash, signature);
        } else {
            uint48 deadline;
            (deadline, signature) = _deferredAction(userOp.nonce, signature);
            validationData = ValidationData.both(
                uint256(deadline) << 160,
                _validateUserOp(userOp, userOpHash, signature)
            );
        }
        if (missingAccountFunds != 0) {
            // All gas there is, without the opcode that reads how much: ERC-7562 [OP-012] wants that right before a call, which the compiler does not promise.
            (bool paid, ) = msg.sender.call{value: missingAccountFunds, gas: type(uint256).max}("");
            if (!paid) revert PrefundFailed();
        }
    }

    /// @notice Runs `userOp.callData` after its first four bytes, as itself, between the validation's hooks.
    function executeUserOp(PackedUserOperation calldata userOp, bytes32) external onlyEntryPoint {
        Validation storage validation = _validations[uint32(userOp.nonce >> 72)];
        Hooks.Running[] memory running = validation.aroundExecution.beforehand(validation.executionHooks, msg.data);
        Calls.run(address(this), 0, userOp.callData[4:]);
        Hooks.afterwards(running);
    }

    // --- ERC-6900: execution

    function execute(
        address target,
        uint256 value,
        bytes calldata data
    ) external payable onlyEntryPointOrSelf returns (bytes memory result) {
        return Calls.run(target, value, data);
    }

    function executeBatch(
        Call[] calldata calls
    ) external payable onlyEntryPointOrSelf returns (bytes[] memory results) {
        results = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; i++) {
            results[i] = Calls.run(calls[i].target, calls[i].value, calls[i].data);
        }
    }

    function executeWithRuntimeValidation(
        bytes calldata data,
        bytes calldata authorization
    ) external payable returns (bytes memory result) {
        (uint8 options, uint32 entityId, bytes calldata segments) = _locator(authorization);
        Validation storage validation = _validations[entityId];
        (address module, , uint8 validationHooks, uint8 executionHooks) = validation.check(entityId, options, data);
        segments = validation.beforeValidation.beforeRuntime(validationHooks, data, segments);
        bytes calldata rest = segments.last();
        if (module == address(0)) {
            if (msg.sender != _owner) revert NotTheOwner(msg.sender);
        } else {
            IERC6900ValidationModule(module).validateRuntime(
                address(this),
                entityId,
                msg.sender,
                msg.value,
                data,
                rest
            );
        }
        return _runSelf(validation, executionHooks, data);
    }

    // --- ERC-6900: management

    /// @param config module20 ‖ entityId4 ‖ flags1
    /// @param hooks module20 ‖ entityId4 ‖ flags1 ‖ what the hook's module is told
    function installValidation(
        bytes25 config,
        bytes4[] calldata selectors,
        bytes calldata installData,
        bytes[] calldata hooks
    ) external onlyEntryPointOrSelf {
        address module = address(bytes20(config));
        uint32 entityId = uint32(bytes4(config << 160));
        if (module.code.length == 0 || !IERC6900ValidationModule(module).supportsInterface(_VALIDATION_MODULE)) {
            revert UnsupportedModule(module);
        }
        Validation storage validation = _validations[entityId];
        if (validation.module != address(0) && validation.module != module) {
            revert EntityIdTaken(entityId, validation.module);
        }
        validation.module = module;
        validation.flags = uint8(config[24]);
        for (uint256 i = 0; i < selectors.length; i++) {
            validation.allow(selectors[i]);
        }
        for (uint256 i = 0; i < hooks.length; i++) {
            HookConfig hook = HookConfig.wrap(bytes25(hooks[i][:25]));
            if (Hooks.isValidation(hook)) {
                validation.beforeValidation.install(validation.validationHooks++, hook, hooks[i][25:]);
            } else {
                validation.aroundExecution.install(validation.executionHooks++, hook, hooks[i][25:]);
            }
        }
        if (installData.length != 0) IERC6900ValidationModule(module).onInstall(installData);
        emit ValidationInstalled(module, entityId);
    }

    /// @notice Removes a validation with its hooks even if their modules object. Selectors stay written: an entity id is not to be used twice.
    /// @param moduleEntity module20 ‖ entityId4
    /// @param hookData Nothing, or one for each hook: those before a validation, then those around an execution.
    function uninstallValidation(
        bytes24 moduleEntity,
        bytes calldata uninstallData,
        bytes[] calldata hookData
    ) external onlyEntryPointOrSelf {
        address module = address(bytes20(moduleEntity));
        uint32 entityId = uint32(bytes4(moduleEntity << 160));
        Validation storage validation = _validations[entityId];
        (uint8 validationHooks, uint8 executionHooks) = (validation.validationHooks, validation.executionHooks);
        if (module == address(0) || validation.module != module) revert Validations.NotInstalled(entityId);
        (validation.module, validation.flags) = (address(0), 0);
        (validation.validationHooks, validation.executionHooks) = (0, 0);
        bool succeeded = true;
        if (hookData.length != 0) {
            uint256 hooks = uint256(validationHooks) + executionHooks;
            if (hookData.length != hooks) revert HookDataCountDiffers(hookData.length, hooks);
            succeeded = validation.beforeValidation.uninstall(validationHooks, hookData, 0);
            if (!validation.aroundExecution.uninstall(executionHooks, hookData, validationHooks)) succeeded = false;
        }
        if (uninstallData.length != 0) {
            (bool told, ) = Calls.attempt(module, 0, abi.encodeCall(IERC6900Module.onUninstall, (uninstallData)));
            succeeded = succeeded && told;
        }
        emit ValidationUninstalled(module, entityId, succeeded);
    }

    // --- Views

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (, uint32 entityId, bytes calldata segments) = _locator(signature);
        Validation storage validation = _validations[entityId];
        segments = validation.beforeValidation.beforeSignature(validation.validationHooks, hash, segments);
        bytes calldata rest = segments.last();
        if (validation.module == address(0)) {
            if (entityId != 0) revert Validations.NotInstalled(entityId);
            return _signedByOwner(replaySafeHash(hash), rest) ? _ERC1271_VALID : _INVALID;
        }
        return validation.signature(entityId, hash, rest);
    }

    /// @notice What the owner signs in place of `hash`, so that the signature holds for this account on this chain alone.
    function replaySafeHash(bytes32 hash) public view returns (bytes32) {
        return _typedHash(keccak256(abi.encode(_REPLAY_SAFE_TYPE, hash)));
    }

    /// @notice As Modular Account v2 does, it looks the validation up by its entity id and does not look at the module.
    /// @param moduleEntity module20 ‖ entityId4
    function getValidationData(bytes24 moduleEntity) external view returns (ValidationDataView memory) {
        return _validations[uint32(bytes4(moduleEntity << 160))].look();
    }

    function owner() external view returns (address) {
        return _owner;
    }

    function entryPoint() external pure returns (address) {
        return _ENTRY_POINT;
    }

    function accountId() external pure returns (string memory) {
        return "writ.test-account.1.1.0";
    }

    // --- Validation

    function _validateUserOp(
        PackedUserOperation calldata userOp,
        bytes32 userOpHash,
        bytes calldata signature
    ) private returns (uint256) {
        uint32 entityId = uint32(userOp.nonce >> 72);
        Validation storage validation = _validations[entityId];
        (address module, uint8 flags, uint8 validationHooks, uint8 executionHooks) = validation.check(
            entityId,
            uint8(userOp.nonce >> 64),
            userOp.callData
        );
        // Without it the execution would not know which validation's hooks to run.
        if (executionHooks != 0 && Validations.outerSelector(userOp.callData) != this.executeUserOp.selector) {
            revert ExecuteUserOpRequired(entityId);
        }
        if (validationHooks == 0) return _ownUserOp(module, flags, entityId, userOp, userOpHash, signature.last());
        (uint256 data, bytes calldata rest) = validation.beforeValidation.beforeUserOp(
            validationHooks,
            userOp,
            userOpHash,
            signature
        );
        return ValidationData.both(data, _ownUserOp(module, flags, entityId, userOp, userOpHash, rest.last()));
    }

    function _ownUserOp(
        address module,
        uint8 flags,
        uint32 entityId,
        PackedUserOperation calldata userOp,
        bytes32 userOpHash,
        bytes calldata checked
    ) private returns (uint256) {
        if (module == address(0)) {
            bytes32 digest = keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", userOpHash));
            return _signedByOwner(digest, checked) ? 0 : _SIG_VALIDATION_FAILED;
        }
        if (flags & Validations.FLAG_USER_OP == 0) revert UserOpValidationNotAllowed(entityId);
        bytes4 selector = IERC6900ValidationModule.validateUserOp.selector;
        bytes memory data = Calls.withSignature(selector, entityId, userOp, userOpHash, checked);
        return abi.decode(Calls.run(module, 0, data), (uint256));
    }

    /// @dev A call to the account itself that comes before the operation's validation, by default the install of that one, signed for this
    /// operation's nonce through a validation that may sign for the account.
    function _deferredAction(
        uint256 nonce,
        bytes calldata signature
    ) private returns (uint48 deadline, bytes calldata rest) {
        bytes calldata action;
        bytes calldata signed;
        (action, rest) = signature.split();
        (signed, rest) = rest.split();
        if (action.length < 27) revert Segments.MalformedSignature();
        uint32 entityId = uint32(bytes4(action[16:20]));
        deadline = uint48(bytes6(action[21:27]));
        bytes calldata data = action[27:];
        Validation storage validation = _validations[entityId];
        validation.check(entityId, uint8(action[20]), data);
        if (validation.validationHooks != 0) revert DeferredActionHasHooks(entityId);
        bytes32 hash = _typedHash(keccak256(abi.encode(_DEFERRED_TYPE, nonce, deadline, keccak256(data))));
        bool valid =
            validation.module == address(0)
                ? _signedByOwner(hash, signed)
                : validation.signature(entityId, hash, signed) == _ERC1271_VALID;
        if (!valid) revert DeferredActionNotSigned(entityId);
        _runSelf(validation, validation.executionHooks, data);
    }

    /// @dev `00 ‖ r ‖ s ‖ v`, with s in the lower half.
    function _signedByOwner(bytes32 digest, bytes calldata signature) private view returns (bool) {
        if (signature.length != 66 || signature[0] != 0x00) return false;
        bytes32 s = bytes32(signature[33:65]);
        if (uint256(s) > 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0) return false;
        address signer = ecrecover(digest, uint8(signature[65]), bytes32(signature[1:33]), s);
        return signer != address(0) && signer == _owner;
    }

    function _typedHash(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(abi.encode(_DOMAIN_TYPE, block.chainid, address(this)));
        return keccak256(abi.encodePacked("\x19\x01", domain, structHash));
    }

    /// @dev options1 ‖ entityId4 ‖ segments
    function _locator(
        bytes calldata data
    ) private pure returns (uint8 options, uint32 entityId, bytes calldata segments) {
        if (data.length < 5) revert Segments.MalformedSignature();
        options = uint8(data[0]);
        if (options & Validations.OPTION_DEFERRED != 0) revert Validations.UnsupportedOptions(options);
        return (options, uint32(bytes4(data[1:5])), data[5:]);
    }

    function _isEntryPoint(address sender) private pure returns (bool) {
        return sender == _ENTRY_POINT || sender == _ENTRY_POINT_08;
    }

    /// @dev Calls itself between the validation's hooks.
    function _runSelf(
        Validation storage validation,
        uint256 hooks,
        bytes calldata data
    ) private returns (bytes memory result) {
        if (hooks == 0) return Calls.run(address(this), 0, data);
        Hooks.Running[] memory running = validation.aroundExecution.beforehand(hooks, data);
        result = Calls.run(address(this), 0, data);
        Hooks.afterwards(running);
    }
}
