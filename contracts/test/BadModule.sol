// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6900ValidationModule} from "../interfaces/IERC6900.sol";
import {PackedUserOperation} from "../interfaces/PackedUserOperation.sol";

/// @title FOR TESTS ONLY: validations as they are easily written, each of which breaks one rule of ERC-7562. The entity id chooses.
contract BadModule is IERC6900ValidationModule {
    /// @dev Solidity would lay out `uint256[130]` as these words too: the last two are no longer associated.
    struct Wide {
        uint256[130] words;
    }

    struct Named {
        bytes name;
    }

    mapping(address account => Wide) private _wide;
    mapping(address account => Named) private _named;
    mapping(address account => mapping(uint32 entityId => uint256)) private _outermost;
    mapping(uint32 entityId => mapping(address account => uint256)) private _innermost;
    mapping(address account => uint256) private _counted;
    uint256 private _total;
    uint256 private transient _seen;

    error UnknownVice(uint32 entityId);

    /// @notice Stores more bytes than fit into the word of their length.
    function prepare(address account) external {
        _named[account].name = new bytes(33);
    }

    function validateUserOp(
        uint32 entityId,
        PackedUserOperation calldata userOp,
        bytes32
    ) external returns (uint256 validationData) {
        if (entityId == 1) {
            if (block.timestamp > type(uint48).max) return 1;
        } else if (entityId == 2) {
            _wide[msg.sender].words[129] += 1;
        } else if (entityId == 3) {
            if (keccak256(_named[msg.sender].name) == 0) return 1;
        } else if (entityId == 4) {
            _seen += 1;
        } else if (entityId == 5) {
            _counted[address(1)] += 1;
        } else if (entityId == 6) {
            if (address(0xdead).code.length != 0) return 1;
        } else if (entityId == 7) {
            _total += 1;
        } else if (entityId == 8) {
            if (address(userOp.sender).balance == 0) return 1;
        } else if (entityId == 9) {
            _outermost[msg.sender][entityId] += 1;
        } else if (entityId == 10) {
            // From here on what is allowed, beside its like that is not.
            _innermost[entityId][msg.sender] += 1;
        } else if (entityId == 11) {
            _wide[msg.sender].words[128] += 1;
        } else {
            revert UnknownVice(entityId);
        }
        return 0;
    }

    function validateRuntime(address, uint32 entityId, address, uint256, bytes calldata, bytes calldata) external pure {
        revert UnknownVice(entityId);
    }

    function validateSignature(address, uint32, address, bytes32, bytes calldata) external pure returns (bytes4) {
        return 0xffffffff;
    }

    function onInstall(bytes calldata) external {
        delete _counted[msg.sender];
    }

    function onUninstall(bytes calldata) external {
        delete _counted[msg.sender];
    }

    function moduleId() external pure returns (string memory) {
        return "writ.bad-module.1.0.0";
    }

    function supportsInterface(bytes4) external pure returns (bool) {
        return true;
    }
}
