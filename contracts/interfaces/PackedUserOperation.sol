// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A UserOperation as ERC-4337 v0.7 and later hand it to an account.
/// `accountGasLimits` is verificationGasLimit16 ‖ callGasLimit16, `gasFees` is maxPriorityFeePerGas16 ‖ maxFeePerGas16.
struct PackedUserOperation {
    address sender;
    uint256 nonce;
    bytes initCode;
    bytes callData;
    bytes32 accountGasLimits;
    uint256 preVerificationGas;
    bytes32 gasFees;
    bytes paymasterAndData;
    bytes signature;
}
