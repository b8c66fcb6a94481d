// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedUserOperation} from "../interfaces/PackedUserOperation.sol";
import {IERC6900ExecutionHookModule, IERC6900ValidationHookModule} from "./IERC6900Hooks.sol";

/// @title FOR TESTS ONLY: hooks that answer as they are told, and show what they were asked.
/// @notice What an account's hooks keep stands in its associated storage, in fixed words, as ERC-7562 asks.
contract TestHooks is IERC6900ExecutionHookModule, IERC6900ValidationHookModule {
    /// @dev Of one hook: how often it ran, and hashes of what it was given last.
    struct Record {
        uint256 asked;
        bytes32 data;
        bytes32 segment;
        uint256 answer;
        bool refuses;
    }

    /// @dev The account is the innermost key: then all of it is associated with the account.
    mapping(uint32 entityId => mapping(address account => Record)) public records;
    mapping(address account => uint256) public installs;
    /// @dev Order of all runs of an account's hooks: entityId and phase (1 validation, 2 before, 3 after), 8 bits each, latest lowest.
    mapping(address account => uint256) public order;

    error Refused(uint32 entityId);
    error Objected();

    function set(address account, uint32 entityId, uint256 answer, bool refuses) external {
        Record storage record = records[entityId][account];
        (record.answer, record.refuses) = (answer, refuses);
    }

    function onInstall(bytes calldata) external {
        ++installs[msg.sender];
    }

    /// @dev Objects to the data 0xff.
    function onUninstall(bytes calldata data) external {
        if (keccak256(data) == keccak256(hex"ff")) revert Objected();
        --installs[msg.sender];
    }

    function moduleId() external pure returns (string memory) {
        return "writ.test-hooks.1.0.0";
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC6900ValidationHookModule).interfaceId ||
            interfaceId == type(IERC6900ExecutionHookModule).interfaceId;
    }

    function preUserOpValidationHook(
        uint32 entityId,
        PackedUserOperation calldata userOp,
        bytes32
    ) external returns (uint256) {
        return _record(entityId, 1, keccak256(userOp.callData), keccak256(userOp.signature));
    }

    function preRuntimeValidationHook(
        uint32 entityId,
        address sender,
        uint256 value,
        bytes calldata data,
        bytes calldata authorization
    ) external {
        _record(entityId, 1, keccak256(abi.encode(sender, value, data)), keccak256(authorization));
    }

    /// @dev Wants a segment that is the hash's last byte.
    function preSignatureValidationHook(
        uint32 entityId,
        address,
        bytes32 hash,
        bytes calldata signature
    ) external view {
        if (records[entityId][msg.sender].refuses) revert Refused(entityId);
        if (signature.length != 1 || signature[0] != hash[31]) revert Refused(entityId);
    }

    function preExecutionHook(
        uint32 entityId,
        address sender,
        uint256 value,
        bytes calldata data
    ) external returns (bytes memory) {
        _record(entityId, 2, keccak256(data), keccak256(abi.encode(sender, value)));
        return abi.encode(entityId);
    }

    function postExecutionHook(uint32 entityId, bytes calldata context) external {
        _record(entityId, 3, keccak256(context), 0);
    }

    function _record(uint32 entityId, uint8 phase, bytes32 data, bytes32 segment) private returns (uint256) {
        Record storage record = records[entityId][msg.sender];
        if (record.refuses) revert Refused(entityId);
        order[msg.sender] = (order[msg.sender] << 16) | (uint256(uint8(entityId)) << 8) | phase;
        record.asked++;
        (record.data, record.segment) = (data, segment);
        return record.answer;
    }
}
