// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedUserOperation} from "../interfaces/PackedUserOperation.sol";

interface IDeposits {
    function depositTo(address account) external payable;

    function addStake(uint32 unstakeDelaySec) external payable;
}

/// @title FOR TESTS ONLY: pays for the accounts that it is told to pay for, by anyone.
contract TestPaymaster {
    mapping(address account => bool) public paysFor;

    error NotSponsored(address account);

    function sponsor(address account, bool pays) external {
        paysFor[account] = pays;
    }

    function deposit(address entryPoint) external payable {
        IDeposits(entryPoint).depositTo{value: msg.value}(address(this));
    }

    /// @notice Only a staked paymaster may read its own words in validation (ERC-7562 [STO-031]).
    function addStake(address entryPoint, uint32 unstakeDelaySeconds) external payable {
        IDeposits(entryPoint).addStake{value: msg.value}(unstakeDelaySeconds);
    }

    function validatePaymasterUserOp(
        PackedUserOperation calldata userOp,
        bytes32,
        uint256
    ) external view returns (bytes memory context, uint256 validationData) {
        if (!paysFor[userOp.sender]) revert NotSponsored(userOp.sender);
        return ("", 0);
    }
}
