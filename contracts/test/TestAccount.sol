// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6900Module, IERC6900ValidationModule} from "../interfaces/IERC6900.sol";
import {PackedUserOperation} from "../interfaces/PackedUserOperation.sol";

struct Call {
    address target;
    uint256 value;
    bytes data;
}

/// @title FOR TESTS ONLY: a small ERC-6900 v0.8 account. Do not keep anything of value in it.
/// @notice Written from the text of ERC-6900 and ERC-4337 so that a validation module can be tried against a whole account.
/// Nonces and signatures are laid out as Modular Account v2 lays them out:
///   nonce                 key19 ‖ entityId4 ‖ options1 ‖ sequence8        options: 1 global, 2 deferred action (refused here)
///   userOp.signature      0xFF ‖ what the validation checks
///   authorization,
///   ERC-1271 signature    options1 ‖ entityId4 ‖ 0xFF ‖ what the validation checks
/// Entity 0 is the owner's own validation unless a module is installed there; the owner signs `00 ‖ r ‖ s ‖ v`.
/// No hooks, no execution modules, no upgrades, no factory: what is not supported reverts.
contract TestAccount {
    struct Validation {
        address module;
        uint8 flags;
        mapping(bytes4 selector => bool) allowed;
    }

    address private constant _ENTRY_POINT = 0x0000000071727De22E5E9d8BAf0edAc6f37da032;
    /// @dev ERC-165 id of a validation module in ERC-6900 v0.8.
    bytes4 private constant _VALIDATION_MODULE = 0xab3e34c1;
    uint8 private constant _FLAG_USER_OP = 1;
    uint8 private constant _FLAG_SIGNATURE = 2;
    uint8 private constant _FLAG_GLOBAL = 4;
    uint8 private constant _OPTION_GLOBAL = 1;
    bytes4 private constant _ERC1271_VALID = 0x1626ba7e;
    bytes4 private constant _INVALID = 0xffffffff;
    uint256 private constant _SIG_VALIDATION_FAILED = 1;
    bytes32 private constant _DOMAIN_TYPE = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
    bytes32 private constant _REPLAY_SAFE_TYPE = keccak256("ReplaySafeHash(bytes32 hash)");

    /// @dev Slot 0. Read once by each owner's operation.
    address private _owner;
    /// @dev Slot 1. Each validation reads the word with module and flags, and, unless global, the word of its selector.
    mapping(uint32 entityId => Validation) private _validations;

    event ValidationInstalled(address indexed module, uint32 indexed entityId);
    event ValidationUninstalled(address indexed module, uint32 indexed entityId, bool onUninstallSucceeded);

    error NotFromEntryPoint(address sender);
    error NotFromEntryPointOrSelf(address sender);
    error NotTheOwner(address sender);
    error UnsupportedOptions(uint8 options);
    error UnsupportedHooks(uint256 count);
    error UnsupportedModule(address module);
    error EntityIdTaken(uint32 entityId, address module);
    error NotInstalled(uint32 entityId);
    error UserOpValidationNotAllowed(uint32 entityId);
    error SignatureValidationNotAllowed(uint32 entityId);
    error SelectorNotAllowed(uint32 entityId, bytes4 selector);
    error SelfCallNotAllowed(bytes4 selector);
    error MalformedSignature();
    error PrefundFailed();

    modifier onlyEntryPoint() {
        if (msg.sender != _ENTRY_POINT) revert NotFromEntryPoint(msg.sender);
        _;
    }

    modifier onlyEntryPointOrSelf() {
        if (msg.sender != _ENTRY_POINT && msg.sender != address(this)) revert NotFromEntryPointOrSelf(msg.sender);
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
        uint32 entityId = uint32(userOp.nonce >> 72);
        bytes4 selector = _outerSelector(userOp.callData);
        if (selector == this.executeUserOp.selector) selector = _outerSelector(userOp.callData[4:]);

        (address module, uint8 flags) = _checkValidation(entityId, uint8(userOp.nonce >> 64), selector);
        _checkSelfCalls(entityId, selector, userOp.callData);
        bytes calldata signature = userOp.signature;
        if (signature.length == 0 || signature[0] != 0xff) revert MalformedSignature();

        if (module == address(0)) {
            bytes32 digest = keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", userOpHash));
            validationData = _signedByOwner(digest, signature[1:]) ? 0 : _SIG_VALIDATION_FAILED;
        } else {
            if (flags & _FLAG_USER_OP == 0) revert UserOpValidationNotAllowed(entityId);
            validationData = _moduleUserOp(module, entityId, userOp, userOpHash);
        }
        if (missingAccountFunds != 0) {
            (bool paid, ) = msg.sender.call{value: missingAccountFunds}("");
            if (!paid) revert PrefundFailed();
        }
    }

    /// @notice Runs `userOp.callData` after its first four bytes, as itself.
    function executeUserOp(PackedUserOperation calldata userOp, bytes32) external onlyEntryPoint {
        _selfCall(userOp.callData[4:]);
    }

    // --- ERC-6900: execution

    function execute(
        address target,
        uint256 value,
        bytes calldata data
    ) external payable onlyEntryPointOrSelf returns (bytes memory result) {
        return _call(target, value, data);
    }

    function executeBatch(
        Call[] calldata calls
    ) external payable onlyEntryPointOrSelf returns (bytes[] memory results) {
        results = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; i++) {
            results[i] = _call(calls[i].target, calls[i].value, calls[i].data);
        }
    }

    function executeWithRuntimeValidation(
        bytes calldata data,
        bytes calldata authorization
    ) external payable returns (bytes memory result) {
        (uint8 options, uint32 entityId, bytes calldata rest) = _locator(authorization);
        bytes4 selector = _outerSelector(data);
        (address module, ) = _checkValidation(entityId, options, selector);
        _checkSelfCalls(entityId, selector, data);
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
        return _selfCall(data);
    }

    // --- ERC-6900: management

    /// @param config module20 ‖ entityId4 ‖ flags1
    function installValidation(
        bytes25 config,
        bytes4[] calldata selectors,
        bytes calldata installData,
        bytes[] calldata hooks
    ) external onlyEntryPointOrSelf {
        address module = address(bytes20(config));
        uint32 entityId = uint32(bytes4(config << 160));
        if (hooks.length != 0) revert UnsupportedHooks(hooks.length);
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
            validation.allowed[selectors[i]] = true;
        }
        if (installData.length != 0) IERC6900ValidationModule(module).onInstall(installData);
        emit ValidationInstalled(module, entityId);
    }

    /// @notice Removes a validation even if its module objects. Selectors stay written: an entity id is not to be used twice.
    /// @param moduleEntity module20 ‖ entityId4
    function uninstallValidation(
        bytes24 moduleEntity,
        bytes calldata uninstallData,
        bytes[] calldata hookData
    ) external onlyEntryPointOrSelf {
        address module = address(bytes20(moduleEntity));
        uint32 entityId = uint32(bytes4(moduleEntity << 160));
        if (hookData.length != 0) revert UnsupportedHooks(hookData.length);
        Validation storage validation = _validations[entityId];
        if (module == address(0) || validation.module != module) revert NotInstalled(entityId);
        validation.module = address(0);
        validation.flags = 0;
        bool succeeded = true;
        if (uninstallData.length != 0) {
            (succeeded, ) = _try(module, 0, abi.encodeCall(IERC6900Module.onUninstall, (uninstallData)));
        }
        emit ValidationUninstalled(module, entityId, succeeded);
    }

    // --- Views

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (, uint32 entityId, bytes calldata rest) = _locator(signature);
        Validation storage validation = _validations[entityId];
        address module = validation.module;
        if (module == address(0)) {
            if (entityId != 0) revert NotInstalled(entityId);
            return _signedByOwner(replaySafeHash(hash), rest) ? _ERC1271_VALID : _INVALID;
        }
        if (validation.flags & _FLAG_SIGNATURE == 0) revert SignatureValidationNotAllowed(entityId);
        return IERC6900ValidationModule(module).validateSignature(address(this), entityId, msg.sender, hash, rest);
    }

    /// @notice What the owner signs in place of `hash`, so that the signature holds for this account on this chain alone.
    function replaySafeHash(bytes32 hash) public view returns (bytes32) {
        bytes32 domain = keccak256(abi.encode(_DOMAIN_TYPE, block.chainid, address(this)));
        return keccak256(abi.encodePacked("\x19\x01", domain, keccak256(abi.encode(_REPLAY_SAFE_TYPE, hash))));
    }

    function owner() external view returns (address) {
        return _owner;
    }

    function entryPoint() external pure returns (address) {
        return _ENTRY_POINT;
    }

    function accountId() external pure returns (string memory) {
        return "writ.test-account.1.0.0";
    }

    // --- Validation

    /// @dev The module (zero: the owner's own validation) that may validate this selector, and its flags.
    function _checkValidation(
        uint32 entityId,
        uint8 options,
        bytes4 selector
    ) private view returns (address module, uint8 flags) {
        if (options & ~_OPTION_GLOBAL != 0) revert UnsupportedOptions(options);
        Validation storage validation = _validations[entityId];
        (module, flags) = (validation.module, validation.flags);
        if (module == address(0)) {
            // The owner's own validation is global: it may call whatever the account has.
            if (entityId != 0) revert NotInstalled(entityId);
            return (module, flags);
        }
        bool allowed = options & _OPTION_GLOBAL != 0 ? flags & _FLAG_GLOBAL != 0 : validation.allowed[selector];
        if (!allowed) revert SelectorNotAllowed(entityId, selector);
    }

    /// @dev Calls of the account to itself would be made with the account's own authority: only those that the validation could make
    /// directly are let through, and none that run further calls.
    function _checkSelfCalls(uint32 entityId, bytes4 selector, bytes calldata callData) private view {
        if (_outerSelector(callData) == this.executeUserOp.selector) callData = callData[4:];
        if (selector == this.execute.selector) {
            (address target, , ) = abi.decode(callData[4:], (address, uint256, bytes));
            if (target == address(this)) revert SelfCallNotAllowed(selector);
        } else if (selector == this.executeBatch.selector) {
            Call[] memory calls = abi.decode(callData[4:], (Call[]));
            for (uint256 i = 0; i < calls.length; i++) {
                if (calls[i].target == address(this)) _checkInnerCall(entityId, calls[i].data);
            }
        }
    }

    function _checkInnerCall(uint32 entityId, bytes memory data) private view {
        bytes4 inner = data.length < 4 ? bytes4(0) : bytes4(data);
        bool nests =
            inner == this.execute.selector ||
                inner == this.executeBatch.selector ||
                inner == this.executeUserOp.selector ||
                inner == this.executeWithRuntimeValidation.selector;
        if (nests) revert SelfCallNotAllowed(inner);
        Validation storage validation = _validations[entityId];
        bool allowed = validation.module == address(0) ? entityId == 0 : validation.allowed[inner];
        if (!allowed) revert SelectorNotAllowed(entityId, inner);
    }

    /// @dev Passes the operation on without the first byte of its signature.
    function _moduleUserOp(
        address module,
        uint32 entityId,
        PackedUserOperation calldata userOp,
        bytes32 userOpHash
    ) private returns (uint256) {
        bytes memory data = abi.encodeCall(IERC6900ValidationModule.validateUserOp, (entityId, userOp, userOpHash));
        bytes calldata signature = userOp.signature;
        // The encoder puts the signature last, at the offset that the ninth word of the operation tells.
        assembly ("memory-safe") {
            let operation := add(add(data, 0x24), mload(add(data, 0x44)))
            let place := add(operation, mload(add(operation, 0x100)))
            let size := sub(signature.length, 1)
            mstore(place, size)
            calldatacopy(add(place, 0x20), add(signature.offset, 1), size)
            mstore8(add(add(place, 0x20), size), 0)
            mstore(data, add(sub(place, data), and(add(size, 0x1f), not(0x1f))))
        }
        return abi.decode(_call(module, 0, data), (uint256));
    }

    /// @dev `00 ‖ r ‖ s ‖ v`, with s in the lower half.
    function _signedByOwner(bytes32 digest, bytes calldata signature) private view returns (bool) {
        if (signature.length != 66 || signature[0] != 0x00) return false;
        bytes32 s = bytes32(signature[33:65]);
        if (uint256(s) > 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0) return false;
        address signer = ecrecover(digest, uint8(signature[65]), bytes32(signature[1:33]), s);
        return signer != address(0) && signer == _owner;
    }

    /// @dev options1 ‖ entityId4 ‖ 0xFF ‖ rest
    function _locator(bytes calldata data) private pure returns (uint8 options, uint32 entityId, bytes calldata rest) {
        if (data.length < 6 || data[5] != 0xff) revert MalformedSignature();
        return (uint8(data[0]), uint32(bytes4(data[1:5])), data[6:]);
    }

    function _outerSelector(bytes calldata data) private pure returns (bytes4) {
        return data.length < 4 ? bytes4(0) : bytes4(data[:4]);
    }

    // --- Calls

    function _selfCall(bytes calldata data) private returns (bytes memory) {
        return _call(address(this), 0, data);
    }

    function _call(address target, uint256 value, bytes memory data) private returns (bytes memory result) {
        bool success;
        (success, result) = _try(target, value, data);
        if (!success) _bubble(result);
    }

    function _try(address target, uint256 value, bytes memory data) private returns (bool, bytes memory) {
        return target.call{value: value}(data);
    }

    function _bubble(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}
