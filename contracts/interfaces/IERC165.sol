// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ERC-165: which interfaces a contract answers.
interface IERC165 {
    function supportsInterface(bytes4 interfaceId) external view returns (bool);
}
