// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestAccount} from "./TestAccount.sol";

interface IStakeManager {
    function addStake(uint32 unstakeDelaySec) external payable;
}

/// @title FOR TESTS ONLY: deploys accounts for tests by the functions with which Modular Account v2's factory deploys its accounts.
/// @notice It has no immutables and no storage: its code serves at any address, also behind that factory's.
contract TestFactory {
    /// @notice The account of this owner and salt, which is deployed if it is not there yet.
    function createSemiModularAccount(address owner, uint256 salt) external returns (address account) {
        account = getAddressSemiModular(owner, salt);
        if (account.code.length == 0) new TestAccount{salt: getSalt(owner, salt, type(uint32).max)}(owner);
    }

    function getAddressSemiModular(address owner, uint256 salt) public view returns (address) {
        bytes32 creation = keccak256(abi.encodePacked(type(TestAccount).creationCode, abi.encode(owner)));
        bytes32 fullSalt = getSalt(owner, salt, type(uint32).max);
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", address(this), fullSalt, creation)))));
    }

    function getSalt(address owner, uint256 salt, uint32 entityId) public pure returns (bytes32) {
        return keccak256(abi.encodePacked(owner, salt, entityId));
    }

    /// @notice A factory must be staked where an account's first operation touches more than the account's own storage (ERC-7562 [STO-022]).
    function addStake(address entryPoint, uint32 unstakeDelaySeconds) external payable {
        IStakeManager(entryPoint).addStake{value: msg.value}(unstakeDelaySeconds);
    }
}
