// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedUserOperation} from "../interfaces/PackedUserOperation.sol";

/// @title FOR TESTS ONLY: calls of the account for tests, and what it hands on of an operation.
library Calls {
    /// @notice Reverts as the target reverts.
    function run(address target, uint256 value, bytes memory data) internal returns (bytes memory result) {
        bool success;
        (success, result) = attempt(target, value, data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(result, 0x20), mload(result))
            }
        }
    }

    function attempt(address target, uint256 value, bytes memory data) internal returns (bool, bytes memory) {
        return target.call{value: value, gas: type(uint256).max}(data);
    }

    /// @notice Calldata of `selector(uint32 entityId, PackedUserOperation userOp, bytes32 userOpHash)`, the operation with this part of its signature alone.
    function withSignature(
        bytes4 selector,
        uint32 entityId,
        PackedUserOperation calldata userOp,
        bytes32 userOpHash,
        bytes calldata signature
    ) internal pure returns (bytes memory data) {
        data = abi.encodeWithSelector(selector, entityId, userOp, userOpHash);
        // The encoder puts the signature last, at the offset that the ninth word of the operation tells; a part is never longer.
        assembly ("memory-safe") {
            let operation := add(add(data, 0x24), mload(add(data, 0x44)))
            let place := add(operation, mload(add(operation, 0x100)))
            mstore(place, signature.length)
            calldatacopy(add(place, 0x20), signature.offset, signature.length)
            mstore(add(add(place, 0x20), signature.length), 0)
            mstore(data, add(sub(place, data), and(add(signature.length, 0x1f), not(0x1f))))
        }
    }
}
